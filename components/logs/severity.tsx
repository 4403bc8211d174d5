import { cn } from '#components/ui/cn.ts';
import type { Severity } from '#contracts/telemetry/query.ts';

/** Least severe first. Spelled here because the browser imports types only from the contract. */
export const severities = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly Severity[];

const colours: Record<Severity, string> = {
  trace: 'text-severity-trace',
  debug: 'text-severity-debug',
  info: 'text-severity-info',
  warn: 'text-severity-warn',
  error: 'text-severity-error',
  fatal: 'text-severity-fatal',
};

/** The severity's word in its colour; the two loud ones are also heavier. */
export function SeverityWord({ severity, className }: { severity: Severity; className?: string }) {
  const loud = severity === 'error' || severity === 'fatal';
  return <span className={cn('font-mono', colours[severity], loud && 'font-semibold', className)}>{severity}</span>;
}

/** Which severities are shown: none pressed means all of them. */
export function SeverityChips(props: { chosen: readonly Severity[]; onChange: (chosen: Severity[]) => void }) {
  const { chosen, onChange } = props;
  return (
    <fieldset className="flex items-center gap-1" aria-label="Severity">
      {severities.map((severity) => {
        const on = chosen.includes(severity);
        return (
          <button
            key={severity}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(severities.filter((one) => (one === severity ? !on : chosen.includes(one))))}
            className={cn(
              'h-7 rounded-md border px-2 text-sm transition-colors hover:bg-raised',
              on ? 'border-accent bg-raised' : 'border-border-strong bg-surface',
            )}
          >
            <SeverityWord severity={severity} className="font-sans font-medium" />
          </button>
        );
      })}
    </fieldset>
  );
}
