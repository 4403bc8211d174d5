import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';

/** A row of labelled values, wrapping where it must. */
export function Facts({ className, children }: { className?: string; children: ReactNode }) {
  return <dl className={cn('flex flex-wrap gap-x-6 gap-y-2', className)}>{children}</dl>;
}

export function Fact({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <div className={cn('flex min-w-0 flex-col', className)}>
      <dt className="text-sm text-tertiary">{label}</dt>
      <dd className="flex min-h-6 min-w-0 items-center gap-1">{children}</dd>
    </div>
  );
}
