import { type ReactNode, useId } from 'react';
import { cn } from './cn.ts';

export type PanelProps = {
  title: ReactNode;
  /** Muted words beside the title: unit, count, window. */
  note?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  className?: string;
  bodyClassName?: string;
  /** Level of the heading, so that levels stay in order. */
  level?: 2 | 3;
  children: ReactNode;
};

/** The one container: hairline, title row, body without padding (tables run to the edge). Panels do not nest. */
export function Panel({ title, note, actions, className, bodyClassName, level = 2, children }: PanelProps) {
  const id = useId();
  const Heading = `h${level}` as const;
  return (
    <section
      data-slot="panel"
      aria-labelledby={id}
      className={cn('flex min-w-0 flex-col overflow-hidden rounded-lg border border-border bg-surface', className)}
    >
      <header className="flex min-h-10 items-center gap-2 border-b border-border py-1 pr-1.5 pl-4">
        <Heading id={id} className="min-w-0 truncate text-base font-semibold">
          {title}
        </Heading>
        {note ? <span className="min-w-0 truncate text-sm text-tertiary">{note}</span> : null}
        {actions ? <div className="ml-auto flex shrink-0 items-center gap-1">{actions}</div> : null}
      </header>
      <div className={cn('min-h-0 flex-1', bodyClassName)}>{children}</div>
    </section>
  );
}
