import Link from 'next/link';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import { patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import type { ExperimentSummary } from '#contracts/sandbox/experiments.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

export type RunListProps = {
  runs: readonly ExperimentSummary[];
  selected: string | null;
  hrefOf: (run: string) => string;
};

/** Runs that this state directory remembers, newest first. */
export function RunList({ runs, selected, hrefOf }: RunListProps) {
  return (
    <Table label="Experiment runs">
      <TableHead>
        <tr>
          <TableHeader>Experiment</TableHeader>
          <TableHeader>Outcome</TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Seed
          </TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Hits
          </TableHeader>
          <TableHeader numeric>Started</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {runs.map(({ run, title, outcome, phase, seed, hits, comparison, startedAt }) => (
          <TableRow key={run} data-run={run} data-selected={run === selected}>
            <TableCell>
              <Link
                href={hrefOf(run)}
                aria-current={run === selected ? 'true' : undefined}
                className="inline-block max-w-72 truncate rounded-sm py-0.5 align-middle text-accent hover:underline @max-[560px]:max-w-40"
              >
                {title}
              </Link>
              {comparison === null ? null : (
                <span className="ml-2 text-tertiary @max-[560px]:hidden">
                  {comparison.part} {patternWords(comparison.without)}
                </span>
              )}
            </TableCell>
            <TableCell>
              <OutcomeBadge outcome={outcome} phase={phase} />
            </TableCell>
            <TableCell numeric className="@max-[560px]:hidden">
              {seed}
            </TableCell>
            <TableCell numeric className="@max-[560px]:hidden">
              {hits}
            </TableCell>
            <TableCell numeric className="text-secondary">
              <Ago atMs={Date.parse(startedAt)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
