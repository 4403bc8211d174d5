'use client';

import { useId } from 'react';
import { FilterInput } from '#components/filter/filter-input.tsx';
import type { LoadValues } from '#components/filter/use-suggestions.ts';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import type { Facet } from '#contracts/telemetry/query.ts';
import { readControls, setCondition } from './edit-filter.ts';
import { traceFields } from './filter-fields.ts';
import type { TraceSort } from './live-list.ts';

type Range = '15m' | '1h' | 'all';

export type TraceFiltersProps = {
  q: string;
  range: Range;
  sort: TraceSort;
  background: boolean;
  services: readonly Facet[];
  loadValues: LoadValues;
  onChange: (change: { q?: string; range?: Range; sort?: TraceSort; background?: boolean }) => void;
};

const minima = [10, 50, 100, 200, 500, 1000, 5000] as const;

/** The filter text, and controls that write into it: one filter, readable as a whole. */
export function TraceFilters(props: TraceFiltersProps) {
  const { q, range, sort, background, services, loadValues, onChange } = props;
  const id = useId();
  const controls = readControls(q);
  const put = (...condition: Parameters<typeof setCondition> extends [string, ...infer Rest] ? Rest : never) =>
    onChange({ q: setCondition(q, ...condition) });
  const names = services.map(({ value }) => value);
  if (controls.service !== null && !names.includes(controls.service)) names.push(controls.service);
  const steps = [...new Set([...minima, ...(controls.minMs === null ? [] : [controls.minMs])])].sort((a, b) => a - b);
  return (
    <search
      aria-label="Filter traces"
      className="flex shrink-0 flex-wrap items-center gap-2 border-b border-border px-4 py-2 max-md:px-2"
    >
      <FilterInput
        className="min-w-72 flex-1 basis-80 max-md:min-w-full"
        aria-label="Filter traces"
        placeholder="service:orders status:error duration>200ms …"
        value={q}
        onCommit={(text) => onChange({ q: text })}
        fields={traceFields}
        loadValues={loadValues}
      />
      <Select
        aria-label="Service"
        className="w-32"
        value={controls.service ?? ''}
        onValueChange={(value) => put('service', 'eq', value === '' ? null : value)}
        options={[{ value: '', label: 'Any service' }, ...names.sort().map((name) => ({ value: name, label: name }))]}
      />
      <Select
        aria-label="A span takes at least"
        className="w-32"
        value={String(controls.minMs ?? '')}
        onValueChange={(value) => put('duration', 'gte', value === '' ? null : Number(value) * 1e6)}
        options={[
          { value: '', label: 'Any duration' },
          ...steps.map((ms) => ({ value: String(ms), label: `Span ≥ ${ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`}` })),
        ]}
      />
      <label htmlFor={`${id}-errors`} className="inline-flex h-7 items-center gap-1.5 px-1 text-sm text-secondary">
        <Checkbox
          id={`${id}-errors`}
          checked={controls.errorsOnly}
          onCheckedChange={(on) => put('status', 'eq', on === true ? 'error' : null)}
        />
        Errors only
      </label>
      <label
        htmlFor={`${id}-background`}
        className="inline-flex h-7 items-center gap-1.5 px-1 text-sm text-secondary"
        title="Traces that no user caused: services fetching keys and tokens"
      >
        <Checkbox
          id={`${id}-background`}
          checked={background}
          onCheckedChange={(on) => onChange({ background: on === true })}
        />
        Background
      </label>
      <div className="ml-auto flex items-center gap-2 max-md:ml-0">
        <Segmented
          aria-label="Sort"
          value={sort}
          onValueChange={(value) => onChange({ sort: value })}
          options={[
            { value: 'start', label: 'Newest' },
            { value: 'duration', label: 'Longest' },
          ]}
        />
        <Segmented
          aria-label="Time range"
          value={range}
          onValueChange={(value) => onChange({ range: value })}
          options={[
            { value: '15m', label: '15 m', name: 'last 15 minutes' },
            { value: '1h', label: '1 h', name: 'last hour' },
            { value: 'all', label: 'All', name: 'all that is kept' },
          ]}
        />
      </div>
    </search>
  );
}
