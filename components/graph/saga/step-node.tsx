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
  onOpen: (messageId: string) => void;
};

/** One step: what, how it is, who and how long. A button once there is an event to open. */
export function StepNode({ step, colour, onOpen }: StepNodeData) {
  const { title, state, service, entry, detail } = step;
  const quiet = state === 'skipped' || state === 'pending';
  // A check and a past participle say "done" by themselves.
  const word = state === 'done' || state === 'failed' ? null : stepLooks[state].word;
  const body = (
    <>
      <span className="flex items-center gap-1.5">
        <StepIcon state={state} />
        <span className={cn('truncate font-medium', quiet && 'text-secondary', state === 'skipped' && 'text-tertiary')}>
          {title}
        </span>
      </span>
      <span className="flex items-center gap-1.5 text-sm text-secondary">
        <ServiceName name={service} colour={quiet ? null : colour} className="shrink-0 gap-1.5" />
        <span className="ml-auto flex gap-1.5 whitespace-nowrap">
          {word ? <span className="text-tertiary">{word}</span> : null}
          {(entry || state === 'running') && step.id !== 'created' ? <StepDuration step={step} /> : null}
        </span>
      </span>
    </>
  );
  const look = cn(
    'pointer-events-auto flex h-13 w-40 flex-col justify-center gap-0.5 rounded-md border px-2.5 text-left text-base',
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
