import { cn } from './cn.ts';

/** A figure with its unit in a lighter colour; a dash with the word "none" when there is no figure. */
export function Quantity({ of, className }: { of: { value: string; unit: string } | null; className?: string }) {
  if (of === null) {
    return (
      <span className={cn('text-tertiary', className)}>
        <span aria-hidden>–</span>
        <span className="sr-only">none</span>
      </span>
    );
  }
  return (
    <span className={cn('tabular-nums', className)}>
      {of.value}
      <span className="text-tertiary">&thinsp;{of.unit}</span>
    </span>
  );
}
