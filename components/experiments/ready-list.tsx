import Link from 'next/link';
import type { ReadyExperiment } from '#contracts/sandbox/experiments.ts';

export type ReadyListProps = {
  experiments: readonly ReadyExperiment[];
  selected: string | null;
  hrefOf: (name: string) => string;
};

/** Experiments of the folder `experiments/`, each a lesson. */
export function ReadyList({ experiments, selected, hrefOf }: ReadyListProps) {
  return (
    <nav aria-label="Experiments">
      <ul className="py-1">
        {experiments.map(({ name, experiment }) => (
          <li key={name}>
            <Link
              href={hrefOf(name)}
              data-list-item
              aria-current={name === selected ? 'true' : undefined}
              scroll={false}
              className="flex min-h-8 flex-col justify-center px-4 py-1.5 hover:bg-raised aria-[current=true]:bg-raised aria-[current=true]:font-medium"
            >
              <span>{experiment?.title ?? name}</span>
              <span className="text-sm font-normal text-tertiary">
                {experiment ? experiment.tags.join(' · ') : 'this file is no experiment'}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
