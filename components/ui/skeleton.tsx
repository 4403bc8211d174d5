import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

/** A block in the final shape of what is loading. Invisible for its first 200 ms, so fast answers do not flash. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      data-slot="skeleton"
      aria-hidden
      className={cn('skeleton-delay h-4 rounded-sm bg-raised', className)}
      {...props}
    />
  );
}

/** Skeleton of a table: `rows` lines of 32 px. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have no identity
        <div key={index} className="flex h-8 items-center gap-4 border-b border-border px-4 last:border-b-0">
          <Skeleton className="w-32" />
          <Skeleton className="flex-1" />
          <Skeleton className="w-16" />
        </div>
      ))}
    </div>
  );
}
