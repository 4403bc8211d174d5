'use client';

import { Select } from '#components/ui/select.tsx';
import { type StoryFilter, type StoryLine, storyKinds } from './story.ts';
import { kindNames } from './story-look.ts';

export type StoryFiltersProps = {
  filter: StoryFilter;
  onChange: (filter: StoryFilter) => void;
  lines: readonly StoryLine[];
};

/** What of the story is shown, with how much there is of each. */
export function StoryFilters({ filter, onChange, lines }: StoryFiltersProps) {
  const services = [...new Set(lines.map(({ service }) => service))].sort();
  return (
    <>
      <fieldset className="flex flex-wrap items-center gap-1" aria-label="Show">
        {storyKinds.map((kind) => {
          const on = filter.kinds.includes(kind);
          return (
            <button
              key={kind}
              type="button"
              aria-pressed={on}
              onClick={() =>
                onChange({
                  ...filter,
                  kinds: storyKinds.filter((one) => (one === kind ? !on : filter.kinds.includes(one))),
                })
              }
              className="flex h-7 items-center gap-1.5 rounded-md border border-border-strong bg-surface px-2 text-sm text-secondary transition-colors hover:bg-raised aria-pressed:border-accent aria-pressed:bg-raised aria-pressed:text-foreground"
            >
              {kindNames[kind].many}
              <span className="text-tertiary tabular-nums">{lines.filter((line) => line.kind === kind).length}</span>
            </button>
          );
        })}
      </fieldset>
      <Select
        aria-label="Service"
        value={filter.service ?? ''}
        onValueChange={(service) => onChange({ ...filter, service: service || null })}
        options={[{ value: '', label: 'Any service' }, ...services.map((value) => ({ value, label: value }))]}
      />
    </>
  );
}
