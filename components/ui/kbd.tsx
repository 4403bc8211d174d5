import { cn } from './cn.ts';

/** Keys of a command, as in the registry: `['g', 'o']` is g then o; `mod` is ⌘ or Ctrl. */
export function Kbd({ keys, className }: { keys: readonly string[]; className?: string }) {
  return (
    <span data-slot="kbd" className={cn('inline-flex shrink-0 items-center gap-0.5', className)}>
      {keys.map((key, index) => (
        <kbd
          // biome-ignore lint/suspicious/noArrayIndexKey: a key may repeat within a sequence
          key={`${key}${index}`}
          className="inline-flex h-4 min-w-4 items-center justify-center rounded-sm border border-border bg-raised px-1 text-xs text-secondary"
        >
          {key === 'mod' ? <span className="mod-key" /> : key}
        </kbd>
      ))}
    </span>
  );
}
