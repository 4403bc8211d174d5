'use client';

import type { FormEvent } from 'react';
import { count, percent } from '#components/format/number.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import type { LoadPlan } from '#contracts/sandbox/load.ts';
import { loadKinds } from '#contracts/sandbox/load-limits.ts';
import { faultsOf, kindTexts, ordersOf, shareOf } from './load-plan.ts';
import { RateField } from './rate-field.tsx';

export type LoadFormProps = {
  plan: LoadPlan;
  onChange: (change: Partial<LoadPlan>) => void;
  /** A run goes on: another one cannot begin. */
  busy: boolean;
  onStart: () => void;
};

/** How much, how long, what goes wrong on the way. */
export function LoadForm({ plan, onChange, busy, onStart }: LoadFormProps) {
  const faults = faultsOf(plan);
  const valid = Object.values(faults).every((fault) => fault === null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid && !busy) onStart();
  };
  const number = (value: number | null, set: (value: number) => void) => ({
    type: 'number' as const,
    value: value === null || Number.isNaN(value) ? '' : value,
    onChange: (event: { target: HTMLInputElement }) => set(event.target.valueAsNumber),
    className: 'text-right tabular-nums',
  });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col">
      <div className="flex flex-col gap-3 p-4">
        <RateField
          label="Orders per second"
          value={plan.ratePerSecond}
          onChange={(ratePerSecond) => onChange({ ratePerSecond })}
          error={faults.rate}
        />
        <div className="grid grid-cols-3 gap-3">
          <Field label="Seconds" hint="how long" error={faults.seconds}>
            {(control) => <Input {...control} {...number(plan.seconds, (seconds) => onChange({ seconds }))} />}
          </Field>
          <Field label="Orders" hint="at most" error={faults.orders}>
            {(control) => (
              <Input
                {...control}
                {...number(plan.orders, (orders) => onChange({ orders: Number.isNaN(orders) ? null : orders }))}
                placeholder="any"
              />
            )}
          </Field>
          <Field label="Seed" hint="to repeat it" error={faults.seed}>
            {(control) => <Input {...control} {...number(plan.seed, (seed) => onChange({ seed }))} />}
          </Field>
        </div>
        <div className="flex flex-wrap items-end gap-3">
          <div className="flex flex-col gap-1">
            <span className="text-sm font-medium text-secondary" aria-hidden>
              Arrivals
            </span>
            <Segmented<LoadPlan['arrivals']>
              aria-label="Arrivals"
              value={plan.arrivals}
              onValueChange={(arrivals) => onChange({ arrivals })}
              options={[
                { value: 'poisson', label: 'Poisson' },
                { value: 'constant', label: 'Constant' },
              ]}
            />
          </div>
          <Field label="Saga" className="flex-1">
            {(control) => (
              <Select<LoadPlan['saga']>
                {...control}
                value={plan.saga}
                onValueChange={(saga) => onChange({ saga })}
                options={[
                  { value: 'choreography', label: 'Choreography' },
                  { value: 'orchestration', label: 'Orchestration' },
                  { value: 'both', label: 'Both, in turns' },
                ]}
              />
            )}
          </Field>
        </div>
      </div>
      <fieldset className="border-t border-border px-4 py-3">
        <legend className="float-left mb-2 w-full text-sm font-medium text-secondary">Mix</legend>
        <div className="clear-both flex flex-col gap-2">
          {loadKinds.map((kind) => (
            <div key={kind} className="flex items-center gap-3">
              <Input
                {...number(plan.mix[kind], (share) => onChange({ mix: { ...plan.mix, [kind]: share } }))}
                aria-label={`Share of ${kindTexts[kind].label}`}
                className="w-16 text-right tabular-nums"
              />
              <span className="min-w-0 flex-1">
                {kindTexts[kind].label} <span className="text-sm text-tertiary">{kindTexts[kind].ending}</span>
              </span>
              <span className="text-sm text-secondary tabular-nums">
                {faults.mix ? '' : `${percent(shareOf(plan.mix, kind)).value} %`}
              </span>
            </div>
          ))}
        </div>
        {faults.mix ? <p className="mt-2 text-sm text-error">{faults.mix}</p> : null}
      </fieldset>
      <div className="flex items-center gap-3 border-t border-border px-4 py-3">
        <span className="text-sm text-tertiary">{valid ? `about ${count(ordersOf(plan))} orders` : ''}</span>
        <Button type="submit" variant="primary" size="lg" className="ml-auto" aria-disabled={busy || !valid}>
          Start run
        </Button>
      </div>
    </form>
  );
}
