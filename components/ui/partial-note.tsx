import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';

/** One line above data that is incomplete: what is missing and why. */
export function PartialNote({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <p
      role="status"
      data-slot="partial"
      className={cn(
        'tint flex items-start gap-1.5 border-b border-border px-4 py-1.5 text-sm [--tint:var(--warn)]',
        className,
      )}
    >
      <TriangleAlert className="size-4 shrink-0 stroke-[1.5] text-warn" aria-hidden />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
