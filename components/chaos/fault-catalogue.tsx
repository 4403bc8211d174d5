import Link from 'next/link';
import { Panel } from '#components/ui/panel.tsx';
import type { FaultDescription } from '#contracts/sandbox/chaos.ts';
import { topics } from './fault-texts.ts';

export type FaultCatalogueProps = {
  faults: readonly FaultDescription[];
  selected: string | null;
  hrefOf: (fault: string) => string;
};

/** Every fault, by what it teaches. */
export function FaultCatalogue({ faults, selected, hrefOf }: FaultCatalogueProps) {
  return (
    <Panel title="Catalogue" note={`${faults.length} faults`}>
      <nav aria-label="Faults">
        {topics.map(({ topic, title, teaches }) => {
          const own = faults.filter((fault) => fault.topic === topic);
          if (own.length === 0) return null;
          return (
            <section key={topic} className="border-b border-border py-2 last:border-b-0">
              <h3 className="px-4 pb-1 text-sm font-medium text-secondary">
                {title} <span className="font-normal text-tertiary">{teaches}</span>
              </h3>
              <ul>
                {own.map((fault) => (
                  <li key={fault.name}>
                    <Link
                      href={hrefOf(fault.name)}
                      data-list-item
                      aria-current={fault.name === selected ? 'true' : undefined}
                      scroll={false}
                      className="flex h-7 items-center gap-3 px-4 hover:bg-raised aria-[current=true]:bg-raised aria-[current=true]:font-medium"
                    >
                      <span className="min-w-0 flex-1 truncate">{fault.title}</span>
                      <span className="font-mono text-sm font-normal text-tertiary">{fault.code}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </nav>
    </Panel>
  );
}
