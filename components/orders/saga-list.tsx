'use client';

import { duration } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { cn } from '#components/ui/cn.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import type { SagaStep } from './saga.ts';
import { StepStateLabel } from './step-look.tsx';

export type SagaListProps = {
  steps: readonly SagaStep[];
  colours: ReadonlyMap<string, number | null>;
  /** Opens the event that ended a step. */
  onOpen?: (messageId: string) => void;
  /** Leaves out what can no longer come. */
  brief?: boolean;
};

/** The saga's steps as a table: the same as the graph shows. */
export function SagaList({ steps, colours, onOpen, brief = false }: SagaListProps) {
  const shown = brief ? steps.filter(({ state }) => state !== 'skipped') : steps;
  const commanded = shown.some(({ command }) => command !== null);
  return (
    <Table label="Steps of the saga">
      <TableHead>
        <tr>
          <TableHeader>Step</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader>By</TableHeader>
          <TableHeader numeric>Took</TableHeader>
          {brief ? null : <TableHeader className="@max-[520px]:hidden">Outcome</TableHeader>}
          {commanded ? <TableHeader className="@max-[700px]:hidden">Command</TableHeader> : null}
        </tr>
      </TableHead>
      <TableBody>
        {shown.map((step) => (
          <TableRow key={step.id}>
            <TableCell className={cn(step.state === 'skipped' && 'text-tertiary')}>
              {step.entry && onOpen ? (
                <button
                  type="button"
                  className="rounded-sm py-0.5 hover:underline"
                  onClick={() => onOpen(step.entry?.messageId ?? '')}
                >
                  {step.title}
                </button>
              ) : (
                step.title
              )}
            </TableCell>
            <TableCell>
              <StepStateLabel state={step.state} />
            </TableCell>
            <TableCell className="text-secondary">
              <ServiceName name={step.service} colour={colours.get(step.service) ?? null} />
            </TableCell>
            <TableCell numeric>
              <StepDuration step={step} />
            </TableCell>
            {brief ? null : <TableCell className="text-secondary @max-[520px]:hidden">{step.detail}</TableCell>}
            {commanded ? (
              <TableCell className="font-mono text-secondary @max-[700px]:hidden">
                {step.command ? (
                  <button
                    type="button"
                    className="rounded-sm py-0.5 hover:underline"
                    onClick={() => onOpen?.(step.command?.messageId ?? '')}
                  >
                    {step.command.event}
                    {step.attempts > 1 ? `, try ${step.attempts}` : ''}
                  </button>
                ) : null}
              </TableCell>
            ) : null}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

/** How long a step took; of a running one, how long it has been waited for. */
export function StepDuration({ step }: { step: SagaStep }) {
  const running = step.state === 'running' && step.startedAtMs !== null;
  return running ? <Running sinceMs={step.startedAtMs ?? 0} /> : <Quantity of={endOf(step)} />;
}

function Running({ sinceMs }: { sinceMs: number }) {
  const now = useNow(200);
  return <Quantity of={now === null ? null : duration(Math.max(0, now - sinceMs))} className="text-secondary" />;
}

function endOf({ id, durationMs }: SagaStep) {
  // The order begins with it: there is nothing before to measure from.
  return durationMs === null || id === 'created' ? null : duration(durationMs);
}
