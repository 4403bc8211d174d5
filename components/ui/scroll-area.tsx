import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/**
 * A scrolling region that the keyboard can reach (WCAG 2.1.1): give it an `aria-label`. Native scrollbars, so that
 * virtual lists inside keep their own scroll element.
 */
export function ScrollArea({ className, ...props }: ComponentProps<'section'>) {
  return (
    <section
      data-slot="scroll-area"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable to scroll by keyboard
      tabIndex={0}
      className={cn('relative min-h-0 overflow-auto', className)}
      {...props}
    />
  );
}
