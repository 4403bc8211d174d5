import Link from 'next/link';
import { Panel } from '#components/ui/panel.tsx';
import type { FaultDescription } from '#contracts/sandbox/chaos.ts';
import { topics } from './fault-texts.ts';

export type FaultCatalogueProps = {
  faults: readonly FaultDescription[];
  selected: string | null;
  /** Faults that the target fits which was asked for; they come first. Null when none was. */
  fitting: { target: string; faults: readonly FaultDescription[] } | null;
  hrefOf: (fault: string) => string;
};

/** Every fault, by what it teaches; first those that fit. */
export function FaultCatalogue({ faults, selected, fitting, hrefOf }: FaultCatalogueProps) {
  const fits = new Set(fitting?.faults.map(({ name }) => name));
  return (
    <Panel title="Catalogue" note={`${faults.length} faults`}>
      <nav aria-label="Faults">
        {fitting === null || fitting.faults.length === 0 ? null : (
          <section aria-labelledby="faults-that-fit" className="border-b border-border py-2">
            <h3 id="faults-that-fit" className="px-4 pb-1 text-sm font-medium text-secondary">
              Fit <span className="font-mono break-all">{fitting.target}</span>
            </h3>
            <FaultList faults={fitting.faults} selected={selected} hrefOf={hrefOf} />
          </section>
        )}
        {topics.map(({ topic, title, teaches }) => {
          const own = faults.filter((fault) => fault.topic === topic && !fits.has(fault.name));
          if (own.length === 0) return null;
          return (
            <section key={topic} className="border-b border-border py-2 last:border-b-0">
              <h3 className="px-4 pb-1 text-sm font-medium text-secondary">
                {title} <span className="font-normal text-tertiary">{teaches}</span>
              </h3>
              <FaultList faults={own} selected={selected} hrefOf={hrefOf} />
            </section>
          );
        })}
      </nav>
    </Panel>
  );
}

function FaultList({ faults, selected, hrefOf }: Omit<FaultCatalogueProps, 'fitting'>) {
  return (
    <ul>
      {faults.map((fault) => (
        <li key={fault.name}>
          <Link
            href={hrefOf(fault.name)}
            data-list-item
            aria-current={fault.name === selected ? 'true' : undefined}
            scroll={false}
            className="flex min-h-7 items-baseline gap-3 px-4 py-1 hover:bg-raised aria-[current=true]:bg-raised aria-[current=true]:font-medium"
          >
            <span className="min-w-0 flex-1">{fault.title}</span>
            <span className="font-mono text-sm font-normal text-tertiary">{fault.code}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
