'use client';

import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import type { StoryFilter, StoryLine } from './story.ts';

export type StoryFiltersProps = {
  filter: StoryFilter;
  onChange: (filter: StoryFilter) => void;
  lines: readonly StoryLine[];
};

/** What of the story is shown, with how much there is of each. */
export function StoryFilters({ filter, onChange, lines }: StoryFiltersProps) {
  const events = lines.filter(({ kind }) => kind === 'event').length;
  const services = [...new Set(lines.map(({ service }) => service))].sort();
  const count = (value: number) => <span className="text-tertiary tabular-nums">{value}</span>;
  return (
    <>
      <Segmented<StoryFilter['show']>
        aria-label="Show"
        value={filter.show}
        onValueChange={(show) => onChange({ ...filter, show })}
        options={[
          { value: 'all', label: <>All {count(lines.length)}</> },
          { value: 'event', label: <>Events {count(events)}</> },
          { value: 'log', label: <>Logs {count(lines.length - events)}</> },
        ]}
      />
      <Select
        aria-label="Service"
        value={filter.service ?? ''}
        onValueChange={(service) => onChange({ ...filter, service: service || null })}
        options={[{ value: '', label: 'Any service' }, ...services.map((value) => ({ value, label: value }))]}
        className="max-md:hidden"
      />
    </>
  );
}
