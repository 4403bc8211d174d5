import { Zap } from 'lucide-react';
import Link from 'next/link';
import { count, percent } from '#components/format/number.ts';
import { cn } from '#components/ui/cn.ts';
import type { TouchedBy } from '#contracts/telemetry/injected.ts';
import type { Red } from '#contracts/telemetry/query.ts';

/** `1.9 injected`: the part of a share of errors that faults have caused, in its unit; null where there is none. */
export function injectedText({ injectedRatio }: Pick<Red, 'injectedRatio'>): string | null {
  return injectedRatio > 0 ? `${percent(injectedRatio).value} injected` : null;
}

/** Stands behind a figure of errors: the part of it that faults have caused, if any. */
export function Injected({ text, className }: { text: string | null; className?: string }) {
  if (text === null) return null;
  return <span className={cn('font-normal whitespace-nowrap text-fault', className)}> · {text}</span>;
}

/** The same for a number of errors. */
export function injectedCountText(injected: number): string | null {
  return injected > 0 ? `${count(injected)} injected` : null;
}

/** A fault that touched something, as a link to where it is armed and listed. */
export function FaultLink({ fault }: { fault: TouchedBy }) {
  return (
    <Link
      href={`/chaos?fault=${encodeURIComponent(fault.kind)}${fault.id === null ? '' : `#${fault.id}`}`}
      className="inline-flex min-w-0 items-center gap-1 rounded-sm text-fault hover:underline"
    >
      <Zap className="size-3.5 shrink-0 stroke-[1.75]" aria-hidden />
      <span className="truncate">{fault.kind}</span>
    </Link>
  );
}

/** Marks a span that a fault touched. */
export function TouchedMark({ fault }: { fault: TouchedBy }) {
  const text = `touched by ${fault.kind}`;
  return (
    <span className="inline-flex shrink-0 text-fault" title={text}>
      <Zap className="size-3.5 stroke-[1.75]" aria-hidden />
      <span className="sr-only">{text}</span>
    </span>
  );
}
