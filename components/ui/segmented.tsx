'use client';

import { ToggleGroup } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

export type SegmentedProps<Value extends string> = {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: ReactNode /** When the label is an icon. */; name?: string }[];
  'aria-label': string;
  className?: string;
};

/** One of two to five views of the same thing. Arrow keys move, exactly one is always on. */
export function Segmented<Value extends string>(props: SegmentedProps<Value>) {
  const { value, onValueChange, options, className } = props;
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(next) => next && onValueChange(next as Value)}
      aria-label={props['aria-label']}
      className={cn('inline-flex h-7 items-stretch rounded-md border border-border-strong bg-surface p-px', className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option.name}
          className="inline-flex min-w-6 items-center justify-center gap-1.5 rounded-[5px] px-2 text-sm text-secondary transition-colors hover:text-foreground data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-foreground [&_svg]:size-4 [&_svg]:stroke-[1.5]"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
