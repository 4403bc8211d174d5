'use client';

import { RadioGroup } from 'radix-ui';
import type { PresetId } from './presets.ts';
import { presets } from './presets.ts';

/** Orders with a known ending. Arrow keys move; nothing is chosen once the basket was changed. */
export function PresetList({ value, onChange }: { value: PresetId | null; onChange: (id: PresetId) => void }) {
  return (
    <RadioGroup.Root
      aria-label="Preset"
      value={value ?? ''}
      onValueChange={(id) => onChange(id as PresetId)}
      className="flex flex-col py-1"
    >
      {presets.map(({ id, title, story }) => (
        <RadioGroup.Item
          key={id}
          value={id}
          data-preset={id}
          aria-label={`${title}. ${story}`}
          className="group flex items-start gap-2.5 px-4 py-1.5 text-left -outline-offset-2 hover:bg-raised data-[state=checked]:bg-raised"
        >
          <span className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-border-strong group-data-[state=checked]:border-accent">
            <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
          </span>
          <span className="min-w-0">
            <span className="block font-medium">{title}</span>
            <span className="block text-sm text-secondary">{story}</span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
