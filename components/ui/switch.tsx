'use client';

import { Switch as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** On or off, effective at once. Needs a label. */
export function Switch({ className, ...props }: ComponentProps<typeof Radix.Root>) {
  return (
    <Radix.Root
      data-slot="switch"
      className={cn(
        "group relative inline-flex h-4 w-7 shrink-0 items-center rounded-full border border-border-strong bg-raised transition-colors before:absolute before:-inset-1 before:content-[''] disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent",
        className,
      )}
      {...props}
    >
      <Radix.Thumb className="ml-0.5 block size-2.5 rounded-full bg-secondary transition-transform group-data-[state=checked]:translate-x-3 group-data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  );
}
