import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/**
 * Real table, rows 32 px. Its wrapper scrolls sideways where it must, is named by `label`, and is a size container: hide
 * lesser columns with `@max-[860px]:hidden`, which also works beside an open side panel. `relative`, or text for screen
 * readers (absolute) would not scroll with it and would widen the page.
 */
export function Table({ className, label, ...props }: ComponentProps<'table'> & { label: string }) {
  return (
    <section
      data-slot="table-scroll"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable to scroll by keyboard
      tabIndex={0}
      className="@container relative w-full overflow-x-auto"
    >
      <table data-slot="table" className={cn('w-full border-collapse text-sm', className)} {...props} />
    </section>
  );
}

export function TableHead({ className, ...props }: ComponentProps<'thead'>) {
  return <thead className={cn('sticky top-0 z-10 bg-surface', className)} {...props} />;
}

export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />;
}

/** `data-selected` marks the row of the open side panel; hover and selection share one wash. */
export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      data-slot="row"
      className={cn(
        'h-8 border-b border-border last:border-b-0 hover:bg-raised data-[selected=true]:bg-raised',
        className,
      )}
      {...props}
    />
  );
}

export type CellProps = { /** Right-aligned, tabular figures. */ numeric?: boolean };

export function TableHeader({ className, numeric, scope = 'col', ...props }: ComponentProps<'th'> & CellProps) {
  return (
    <th
      scope={scope}
      className={cn(
        'h-8 px-2 text-left max-md:px-1.5 align-middle text-sm font-medium whitespace-nowrap text-tertiary shadow-[inset_0_-1px_0_var(--border)] first:pl-4 last:pr-4 max-md:first:pl-3 max-md:last:pr-3',
        numeric && 'text-right',
        className,
      )}
      {...props}
    />
  );
}

export function TableCell({ className, numeric, ...props }: ComponentProps<'td'> & CellProps) {
  return (
    <td
      className={cn(
        'h-8 px-2 align-middle whitespace-nowrap max-md:px-1.5 first:pl-4 last:pr-4 max-md:first:pl-3 max-md:last:pr-3',
        numeric && 'numeric',
        className,
      )}
      {...props}
    />
  );
}
