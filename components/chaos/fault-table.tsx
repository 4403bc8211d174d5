import { durationText } from '#components/format/duration.ts';
import { Button } from '#components/ui/button.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { Countdown } from './countdown.tsx';
import { FaultStateBadge } from './fault-state.tsx';
import { endWords, parametersText } from './fault-texts.ts';

/** Faults that are on: countdown, hits, and a way to end each. */
export function ActiveFaults({ faults, onStop }: { faults: readonly FaultRun[]; onStop: (id: string) => void }) {
  return (
    <Table label="Active faults">
      <TableHead>
        <tr>
          <TableHeader>Fault</TableHeader>
          <TableHeader>Target</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader numeric>Hits</TableHeader>
          <TableHeader numeric>Ends in</TableHeader>
          <TableHeader>
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {faults.map((run) => (
          <TableRow key={run.id} id={run.id} data-fault={run.fault} className="target:bg-raised">
            <TableHeader scope="row" className="text-foreground shadow-none">
              {run.title}
              <span className="ml-2 font-normal text-tertiary @max-[640px]:hidden">
                {parametersText(run.parameters)}
              </span>
            </TableHeader>
            <TableCell className="font-mono">{run.target}</TableCell>
            <TableCell>
              <FaultStateBadge state={run.state} />
              {run.reason ? (
                <span className="ml-2 inline-block max-w-60 truncate align-middle text-secondary" title={run.reason}>
                  {run.reason}
                </span>
              ) : null}
            </TableCell>
            <TableCell numeric>{run.hits}</TableCell>
            <TableCell numeric>
              {run.state === 'armed' || run.state === 'biting' ? (
                <Countdown untilMs={Date.parse(run.expiresAt)} />
              ) : (
                <span className="text-tertiary">–</span>
              )}
            </TableCell>
            <TableCell className="text-right">
              <Button
                size="sm"
                aria-label={`Stop ${run.title} on ${run.target}`}
                aria-disabled={run.state === 'reverting'}
                onClick={() => run.state !== 'reverting' && onStop(run.id)}
              >
                {run.state === 'revert-failed' ? 'Try again' : 'Stop'}
              </Button>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** Faults that were on, newest first. */
export function FaultHistory({ faults }: { faults: readonly FaultRun[] }) {
  return (
    <Table label="Earlier faults">
      <TableHead>
        <tr>
          <TableHeader>Armed</TableHeader>
          <TableHeader>Fault</TableHeader>
          <TableHeader>Target</TableHeader>
          <TableHeader numeric>Hits</TableHeader>
          <TableHeader>Ended</TableHeader>
          <TableHeader numeric>Reverted in</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {faults.map((run) => (
          <TableRow key={run.id} id={run.id} data-fault={run.fault} className="target:bg-raised">
            <TableCell className="text-secondary">
              <LocalTime atMs={Date.parse(run.armedAt)} digits={0} />
            </TableCell>
            <TableHeader scope="row" className="text-foreground shadow-none">
              {run.title}
            </TableHeader>
            <TableCell className="font-mono">{run.target}</TableCell>
            <TableCell numeric>{run.hits}</TableCell>
            <TableCell>{run.endedBy === null ? '' : endWords[run.endedBy]}</TableCell>
            <TableCell numeric>{run.revertMs === null ? '–' : durationText(run.revertMs)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
