'use client';

import { Tooltip as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';
import { Kbd } from './kbd.tsx';

export const TooltipProvider = Radix.Provider;

export type TooltipProps = {
  /** One short line. Never the only place of something that must be known. */
  content: ReactNode;
  /** Keys of the same command, from the registry. */
  keys?: readonly string[];
  side?: ComponentProps<typeof Radix.Content>['side'];
  className?: string;
  children: ReactNode;
};

/** Explains its one child, on hover and on focus. */
export function Tooltip({ content, keys, side = 'bottom', className, children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-50 flex max-w-80 items-center gap-2 rounded-md border border-border bg-popover px-2 py-1 text-sm text-foreground shadow-float animate-in-fade',
            className,
          )}
        >
          {content}
          {keys ? <Kbd keys={keys} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
