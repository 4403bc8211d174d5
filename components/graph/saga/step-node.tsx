'use client';

import type { SagaStep } from '#components/orders/saga.ts';
import { StepDuration } from '#components/orders/saga-list.tsx';
import { StepIcon, stepLooks } from '#components/orders/step-look.tsx';
import { cn } from '#components/ui/cn.ts';
import { ServiceName } from '#components/ui/service-name.tsx';

export type StepNodeData = {
  step: SagaStep;
  /** Colour of the step's process. */
  colour: number | null;
  /** Little room: without the process's name. */
  compact: boolean;
  onOpen: (messageId: string) => void;
};

/** One step: what, how it is, who and how long. A button once there is an event to open. */
export function StepNode({ step, colour, compact, onOpen }: StepNodeData) {
  const { title, state, service, entry, detail } = step;
  const quiet = state === 'skipped' || state === 'pending';
  // A check and a past participle say "done" by themselves.
  const word = state === 'done' || state === 'failed' ? null : stepLooks[state].word;
  const timed = (entry !== null || state === 'running') && step.id !== 'created';
  const name = (
    <span
      className={cn(
        'truncate font-medium',
        compact && 'text-sm',
        quiet && 'text-secondary',
        state === 'skipped' && 'text-tertiary',
      )}
    >
      {title}
    </span>
  );
  const timing = (
    <span className="ml-auto flex gap-1.5 whitespace-nowrap">
      {word && !(compact && state === 'running') ? <span className="text-tertiary">{word}</span> : null}
      {/* There is room for one of the two; how long an undone step took is in the table. */}
      {step.attempts > 1 && !compact ? <span className="text-warn">try {step.attempts}</span> : null}
      {timed && state !== 'compensated' ? <StepDuration step={step} /> : null}
    </span>
  );
  const body = compact ? (
    <>
      {name}
      <span className="flex items-center gap-1 text-sm text-secondary">
        <StepIcon state={state} className="size-3.5" />
        <span className="sr-only">{service}</span>
        {timing}
      </span>
    </>
  ) : (
    <>
      <span className="flex items-center gap-1.5">
        <StepIcon state={state} />
        {name}
      </span>
      <span className="flex items-center gap-1.5 text-sm text-secondary">
        <ServiceName name={service} colour={quiet ? null : colour} className="shrink-0 gap-1.5" />
        {timing}
      </span>
    </>
  );
  const look = cn(
    'pointer-events-auto flex h-13 flex-col justify-center gap-0.5 rounded-md border text-left text-base',
    compact ? 'w-26 px-2' : 'w-40 px-2.5',
    state === 'running' && 'tint border-info [--tint:var(--info)]',
    state === 'failed' && 'tint border-error [--tint:var(--error)]',
    state === 'compensated' && 'border-warn bg-surface',
    state === 'done' && 'border-border-strong bg-surface',
    state === 'pending' && 'border-dashed border-border-strong bg-surface',
    state === 'skipped' && 'border-border bg-canvas',
  );
  if (!entry) {
    return (
      <div data-step={step.id} data-state={state} className={look}>
        {body}
      </div>
    );
  }
  return (
    <button
      type="button"
      data-step={step.id}
      data-state={state}
      title={detail ?? undefined}
      className={cn(look, 'transition-colors hover:bg-raised')}
      onClick={() => onOpen(entry.messageId)}
    >
      {body}
      <span className="sr-only">
        , {stepLooks[state].word}. Open {entry.event}
      </span>
    </button>
  );
}
