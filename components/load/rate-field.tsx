'use client';

import { useId } from 'react';
import { Input } from '#components/ui/input.tsx';
import { rateAt, rates, stepOf } from './rate-scale.ts';

export type RateFieldProps = {
  label: string;
  value: number;
  onChange: (ratePerSecond: number) => void;
  error?: string | null;
};

/** Orders per second: a slider in even steps of ratio, and a field for the exact figure. */
export function RateField({ label, value, onChange, error }: RateFieldProps) {
  const id = useId();
  return (
    <div data-slot="field" className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium text-secondary">
        {label}
      </label>
      <div className="flex items-center gap-3">
        <input
          id={id}
          type="range"
          min={0}
          max={rates.length - 1}
          step={1}
          value={stepOf(value)}
          aria-valuetext={`${value} per second`}
          onChange={(event) => onChange(rateAt(event.target.valueAsNumber))}
          className="h-6 min-w-0 flex-1 cursor-pointer accent-accent"
        />
        <Input
          type="number"
          aria-label={`${label}, exact`}
          aria-invalid={error ? true : undefined}
          value={Number.isNaN(value) ? '' : value}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          className="w-20 text-right tabular-nums"
        />
        <span className="text-sm text-tertiary">/s</span>
      </div>
      {error ? <p className="text-sm text-error">{error}</p> : null}
    </div>
  );
}
