import { CircleX, GraduationCap } from 'lucide-react';
import { FaultStateBadge } from '#components/chaos/fault-state.tsx';
import { durationText } from '#components/format/duration.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { offsetText, toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun, ProbeResult } from '#contracts/sandbox/experiments.ts';

/** What did not hold, where something did not. */
export function Deviations({ deviations }: Pick<ExperimentRun, 'deviations'>) {
  if (deviations.length === 0) return null;
  return (
    <ul aria-label="What did not hold" className="flex flex-col gap-1 border-b border-border px-4 py-3">
      {deviations.map((text) => (
        <li key={text} className="flex items-start gap-2">
          <CircleX className="mt-0.5 size-4 shrink-0 stroke-[1.75] text-error" aria-hidden />
          <span className="min-w-0 wrap-anywhere">{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** What went wrong because a pattern was off: what the run was made for. */
export function Shown({ shown }: Pick<ExperimentRun, 'shown'>) {
  if (shown.length === 0) return null;
  return (
    <ul aria-label="What broke as it was meant to" className="flex flex-col gap-1 border-b border-border px-4 py-3">
      {shown.map((text) => (
        <li key={text} className="flex items-start gap-2">
          <GraduationCap className="mt-0.5 size-4 shrink-0 stroke-[1.75] text-fault" aria-hidden />
          <span className="min-w-0 wrap-anywhere">{text}</span>
        </li>
      ))}
    </ul>
  );
}

export function ExperimentFaults({ faults }: Pick<ExperimentRun, 'faults'>) {
  return (
    <Table label="Faults of the experiment">
      <TableHead>
        <tr>
          <TableHeader>Fault</TableHeader>
          <TableHeader className="@max-[560px]:hidden">Target</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader numeric>Hits</TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Detected after
          </TableHeader>
          <TableHeader numeric className="@max-[560px]:hidden">
            Recovered after
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {faults.map(({ name, run, problem, detectMs, recoverMs }) => (
          <TableRow key={name}>
            <TableHeader scope="row" className="text-foreground shadow-none">
              <span className="inline-block max-w-72 truncate align-middle @max-[560px]:max-w-40" title={name}>
                {name}
              </span>
            </TableHeader>
            <TableCell className="font-mono @max-[560px]:hidden">{run?.target ?? '–'}</TableCell>
            <TableCell>{run ? <FaultStateBadge state={run.state} /> : (problem ?? 'planned')}</TableCell>
            <TableCell numeric>{run?.hits ?? '–'}</TableCell>
            <TableCell numeric className="@max-[560px]:hidden">
              {detectMs === null ? '–' : durationText(detectMs)}
            </TableCell>
            <TableCell numeric className="@max-[560px]:hidden">
              {recoverMs === null ? '–' : durationText(recoverMs)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const whenWords: Record<ProbeResult['when'], string> = { before: 'before', method: 'during', after: 'after' };
const stateColours: Record<ProbeResult['state'], string> = {
  waiting: 'text-tertiary',
  held: 'text-ok',
  missed: 'text-error',
};

export function ExperimentProbes({ probes }: Pick<ExperimentRun, 'probes'>) {
  return (
    <Table label="Probes of the experiment">
      <TableHead>
        <tr>
          <TableHeader>Probe</TableHeader>
          <TableHeader className="@max-[560px]:hidden">When</TableHeader>
          <TableHeader className="@max-[560px]:hidden">Must be</TableHeader>
          <TableHeader>Was</TableHeader>
          <TableHeader>State</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {probes.map(({ name, when, tolerance, measured, problem, state }) => (
          <TableRow key={`${when} ${name}`}>
            <TableHeader scope="row" className="text-foreground shadow-none">
              <span className="inline-block max-w-80 truncate align-middle @max-[560px]:max-w-44" title={name}>
                {name}
              </span>
            </TableHeader>
            <TableCell className="text-secondary @max-[560px]:hidden">{whenWords[when]}</TableCell>
            <TableCell className="@max-[560px]:hidden">{toleranceText(tolerance)}</TableCell>
            <TableCell>
              <span className="inline-block max-w-60 truncate align-middle" title={problem ?? undefined}>
                {problem ?? (measured === null ? '–' : String(measured))}
              </span>
            </TableCell>
            <TableCell className={stateColours[state]}>{state}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** What happened, as it happens. */
export function ExperimentTimeline({ run }: { run: ExperimentRun }) {
  return (
    <ol aria-label="Timeline of the experiment" className="flex flex-col gap-1 p-4 text-sm">
      {run.entries.map((entry) => (
        <li key={`${entry.at} ${entry.text}`} className="grid grid-cols-[64px_minmax(0,1fr)] gap-3">
          <span className="text-right font-mono text-tertiary tabular-nums">{offsetText(run, entry.at)}</span>
          <span
            className={
              entry.kind === 'fault' || entry.kind === 'switch'
                ? 'text-fault'
                : entry.kind === 'guard'
                  ? 'text-error'
                  : entry.kind === 'phase'
                    ? 'font-medium'
                    : undefined
            }
          >
            {entry.text}
          </span>
        </li>
      ))}
    </ol>
  );
}
