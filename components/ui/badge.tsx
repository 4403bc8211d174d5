import type { ComponentProps, CSSProperties } from 'react';
import { cn } from './cn.ts';

export type Tone = 'neutral' | 'ok' | 'info' | 'warn' | 'error' | 'fatal' | 'debug' | 'fault' | 'accent';

/** CSS colour of a tone. */
export function toneColour(tone: Tone): string {
  return tone === 'neutral' ? 'var(--text-tertiary)' : `var(--${tone})`;
}

/** Small tinted chip; its icon carries the colour, its text stays readable. Always has a word. */
export function Badge({ tone = 'neutral', className, style, ...props }: ComponentProps<'span'> & { tone?: Tone }) {
  return (
    <span
      data-slot="badge"
      data-tone={tone}
      style={{ '--tint': toneColour(tone), ...style } as CSSProperties}
      className={cn(
        'tint inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-sm whitespace-nowrap text-foreground [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:stroke-2 [&_svg]:text-(--tint)',
        className,
      )}
      {...props}
    />
  );
}
