import type { CSSProperties } from 'react';
import { cn } from './cn.ts';

export type ServiceNameProps = {
  name: string;
  /** 1–10 from the topology; null for infrastructure. */
  colour: number | null;
  className?: string;
};

/** A process by its colour and its name; the colour never stands alone. */
export function ServiceName({ name, colour, className }: ServiceNameProps) {
  return (
    <span data-slot="service-name" className={cn('inline-flex min-w-0 items-center gap-2', className)}>
      <span
        data-slot="swatch"
        aria-hidden
        style={{ '--swatch': colour === null ? 'var(--border-strong)' : `var(--service-${colour})` } as CSSProperties}
        className="size-2 shrink-0 rounded-[2px] bg-(--swatch)"
      />
      <span className="truncate">{name}</span>
    </span>
  );
}
