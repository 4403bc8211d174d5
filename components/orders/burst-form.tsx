'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { type BurstKind, type BurstPlan, burstLimits, splitCount } from './burst-mix.ts';

const kinds: readonly { kind: BurstKind; label: string; ending: string }[] = [
  { kind: 'happy', label: 'Everything works', ending: 'confirmed' },
  { kind: 'declined', label: 'Declined card', ending: 'cancelled, stock released' },
  { kind: 'outOfStock', label: 'Out of stock', ending: 'cancelled, nothing charged' },
];

const usual: BurstPlan = { count: 50, ratePerSecond: 10, seed: 1, mix: { happy: 80, declined: 15, outOfStock: 5 } };

export type BurstFormProps = { busy: boolean; onStart: (plan: BurstPlan) => void };

/** Size, rate and mix of a burst. */
export function BurstForm({ busy, onStart }: BurstFormProps) {
  const [plan, setPlan] = useState(usual);
  const faults = {
    count:
      inRange(plan.count, 1, burstLimits.count) && Number.isInteger(plan.count) ? null : `1 to ${burstLimits.count}`,
    rate: inRange(plan.ratePerSecond, 0.5, burstLimits.ratePerSecond) ? null : `0.5 to ${burstLimits.ratePerSecond}`,
    seed: inRange(plan.seed, 0, burstLimits.seed) && Number.isInteger(plan.seed) ? null : `0 to ${burstLimits.seed}`,
    mix: Object.values(plan.mix).every((weight) => inRange(weight, 0, 100)) ? null : 'each share is 0 to 100',
  };
  const valid = Object.values(faults).every((fault) => fault === null);
  const split = valid ? splitCount(plan.count, plan.mix) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid && !busy) onStart(plan);
  };
  const number = (value: number, set: (value: number) => void) => ({
    type: 'number' as const,
    value: Number.isNaN(value) ? '' : value,
    onChange: (event: { target: HTMLInputElement }) => set(event.target.valueAsNumber),
    className: 'h-8 text-right tabular-nums',
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col">
      <div className="grid grid-cols-3 gap-3 p-4">
        <Field label="Orders" hint={`1 to ${burstLimits.count}`} error={faults.count}>
          {(control) => <Input {...control} {...number(plan.count, (count) => setPlan({ ...plan, count }))} />}
        </Field>
        <Field label="Per second" hint={`up to ${burstLimits.ratePerSecond}`} error={faults.rate}>
          {(control) => (
            <Input
              {...control}
              {...number(plan.ratePerSecond, (ratePerSecond) => setPlan({ ...plan, ratePerSecond }))}
            />
          )}
        </Field>
        <Field label="Seed" hint="to repeat it" error={faults.seed}>
          {(control) => <Input {...control} {...number(plan.seed, (seed) => setPlan({ ...plan, seed }))} />}
        </Field>
      </div>
      <fieldset className="border-t border-border px-4 py-3">
        <legend className="float-left mb-2 w-full text-sm font-medium text-secondary">Mix</legend>
        <div className="clear-both flex flex-col gap-2">
          {kinds.map(({ kind, label, ending }) => (
            <div key={kind} className="flex items-center gap-3">
              <Input
                {...number(plan.mix[kind], (weight) => setPlan({ ...plan, mix: { ...plan.mix, [kind]: weight } }))}
                aria-label={`Share of ${label}`}
                className="h-7 w-16 text-right tabular-nums"
              />
              <span className="min-w-0 flex-1">
                {label} <span className="text-sm text-tertiary">{ending}</span>
              </span>
              <span className="text-sm text-secondary tabular-nums">{split ? `${split[kind]} orders` : ''}</span>
            </div>
          ))}
        </div>
        {faults.mix ? <p className="mt-2 text-sm text-error">{faults.mix}</p> : null}
      </fieldset>
      <div className="flex items-center gap-3 border-t border-border px-4 py-3">
        <span className="text-sm text-tertiary">
          {valid ? `takes about ${Math.max(1, Math.round(plan.count / plan.ratePerSecond))} s` : ''}
        </span>
        <Button type="submit" variant="primary" size="lg" className="ml-auto" aria-disabled={busy || !valid}>
          Start burst
        </Button>
      </div>
    </form>
  );
}

function inRange(value: number, from: number, to: number): boolean {
  return Number.isFinite(value) && value >= from && value <= to;
}
