'use client';

import { Check, Minus } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** 16 px box with a 24 px target. Wrap it in a `<label>` or give it an `aria-label`. */
export function Checkbox({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      data-slot="checkbox"
      className={cn(
        "group relative inline-flex size-4 shrink-0 items-center justify-center rounded-sm border border-border-strong bg-surface transition-colors before:absolute before:-inset-1 before:content-[''] hover:border-secondary disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent",
        className,
      )}
      {...props}
    >
      <Radix.Indicator className="text-on-accent">
        <Check className="hidden size-3 stroke-[2.5] group-data-[state=checked]:block" aria-hidden />
        <Minus className="hidden size-3 stroke-[2.5] group-data-[state=indeterminate]:block" aria-hidden />
      </Radix.Indicator>
    </Radix.Root>
  );
}
