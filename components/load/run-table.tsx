import { Download } from 'lucide-react';
import Link from 'next/link';
import { duration } from '#components/format/duration.ts';
import { count, perSecond } from '#components/format/number.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { asCli } from './load-plan.ts';
import { phaseText } from './phase.ts';

export type RunTableProps = {
  runs: readonly LoadRun[];
  selected: string | null;
  hrefOf: (run: string) => string;
  historyHrefOf: (run: string) => string;
};

/** Runs that this state directory remembers, newest first. */
export function RunTable({ runs, selected, hrefOf, historyHrefOf }: RunTableProps) {
  return (
    <Table label="Load runs">
      <TableHead>
        <tr>
          <TableHeader>Run</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader numeric>Rate</TableHeader>
          <TableHeader numeric>Accepted</TableHeader>
          <TableHeader numeric className="@max-[700px]:hidden">
            Accepted p95
          </TableHeader>
          <TableHeader numeric className="@max-[700px]:hidden">
            Saga p95
          </TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Lost
          </TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Started
          </TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {runs.map((run) => (
          <TableRow key={run.run} data-run={run.run} data-selected={run.run === selected}>
            <TableCell>
              <Link
                href={hrefOf(run.run)}
                aria-current={run.run === selected ? 'true' : undefined}
                className="rounded-sm py-0.5 font-mono text-accent hover:underline"
              >
                {run.run.slice(-11)}
              </Link>
            </TableCell>
            <TableCell>{phaseText(run)}</TableCell>
            <TableCell numeric>{perSecond(run.plan.ratePerSecond)} /s</TableCell>
            <TableCell numeric>
              {count(run.ok)} <span className="text-tertiary">of {count(run.due)}</span>
            </TableCell>
            <TableCell numeric className="@max-[700px]:hidden">
              <Quantity of={run.accepted.p95 === null ? null : duration(run.accepted.p95)} />
            </TableCell>
            <TableCell numeric className="@max-[700px]:hidden">
              <Quantity of={run.saga.p95 === null ? null : duration(run.saga.p95)} />
            </TableCell>
            <TableCell numeric className={`@max-[560px]:hidden ${run.lostCount > 0 ? 'text-error' : ''}`}>
              {count(run.lostCount)}
            </TableCell>
            <TableCell numeric className="text-secondary @max-[560px]:hidden">
              <Ago atMs={Date.parse(run.startedAt)} />
            </TableCell>
            <TableCell className="w-16 text-right">
              <span className="inline-flex">
                <CopyButton value={asCli(run.plan)} label={`Copy run ${run.run} as a command`} />
                <Button asChild variant="ghost" size="icon-sm">
                  <a
                    href={historyHrefOf(run.run)}
                    download
                    aria-label={`Download the client history of run ${run.run}`}
                  >
                    <Download aria-hidden />
                  </a>
                </Button>
              </span>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
