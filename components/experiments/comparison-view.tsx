import { CircleX } from 'lucide-react';
import Link from 'next/link';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { brokenIn, compareRuns } from '#contracts/sandbox/experiment-comparison.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { OutcomeBadge } from './outcome-badge.tsx';

export type ComparisonViewProps = {
  withIt: ExperimentRun | null;
  /** Null until it has begun. */
  withoutIt: ExperimentRun | null;
};

/** The same fault with a pattern and without it, side by side. */
export function ComparisonView({ withIt, withoutIt }: ComparisonViewProps) {
  const teaches = (withIt ?? withoutIt)?.comparison?.teaches ?? null;
  const broken = withoutIt === null ? [] : brokenIn(withoutIt);
  return (
    <>
      {teaches === null ? null : <p className="max-w-prose px-4 pt-3 pb-2 text-secondary max-md:px-3">{teaches}</p>}
      <Table label="With and without">
        <TableHead>
          <tr>
            <TableHeader>Figure</TableHeader>
            <TableHeader numeric>With</TableHeader>
            <TableHeader numeric>Without</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          <TableRow>
            <TableHeader scope="row" className="text-foreground shadow-none">
              Outcome
            </TableHeader>
            <TableCell numeric className="@max-[560px]:py-1">
              <Outcome run={withIt} />
            </TableCell>
            <TableCell numeric className="@max-[560px]:py-1">
              <Outcome run={withoutIt} />
            </TableCell>
          </TableRow>
          {compareRuns(withIt, withoutIt).map((row) => (
            <TableRow key={row.what} data-figure={row.what}>
              <TableHeader
                scope="row"
                className="text-foreground shadow-none @max-[560px]:py-1 @max-[560px]:whitespace-normal"
              >
                {row.what}
              </TableHeader>
              <TableCell numeric>{row.with}</TableCell>
              <TableCell numeric className={row.with === row.without ? undefined : 'font-medium'}>
                {row.without}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {broken.length === 0 ? null : (
        <ul
          aria-label="What broke without it"
          className="flex flex-col gap-1 border-t border-border px-4 py-3 max-md:px-3"
        >
          {broken.map(({ id, name, problem, orderId }) => (
            <li key={id} className="flex items-start gap-2">
              <CircleX className="mt-0.5 size-4 shrink-0 stroke-[1.75] text-fault" aria-hidden />
              <span className="min-w-0 wrap-anywhere">
                <Link href={`/proof?verdict=${id}`} className="font-medium underline-offset-2 hover:underline">
                  {id} {name}
                </Link>
                : {problem}{' '}
                {orderId === null ? null : (
                  <Link href={`/orders/${orderId}`} className="text-accent hover:underline">
                    Order <span className="font-mono">{orderId.slice(0, 8)}</span>
                  </Link>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Outcome({ run }: { run: ExperimentRun | null }) {
  return run === null ? '–' : <OutcomeBadge outcome={run.outcome} phase={run.phase} />;
}
