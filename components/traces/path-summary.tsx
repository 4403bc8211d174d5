import type { CSSProperties } from 'react';
import { duration } from '#components/format/duration.ts';
import { percent } from '#components/format/number.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { type CriticalSegment, shareByService } from './critical-path.ts';
import type { Colours } from './service-chips.tsx';

/** Where the time of the critical path went: by service, and waiting in outboxes and topics. */
export function PathSummary({ path, colours }: { path: readonly CriticalSegment[]; colours: Colours }) {
  const shares = shareByService(path);
  const total = shares.reduce((sum, { ms }) => sum + ms, 0);
  if (total === 0) return null;
  return (
    <section
      aria-label="Critical path by service"
      className="flex flex-col gap-1.5 border-b border-border px-4 py-2 max-md:px-2"
    >
      <div aria-hidden className="flex h-1.5 gap-px overflow-hidden rounded-[2px]">
        {shares.map(({ service, ms }) => (
          <span
            key={service}
            className="bg-(--bar)"
            style={
              {
                width: `${(ms / total) * 100}%`,
                '--bar':
                  service === null
                    ? 'var(--border)'
                    : `var(--service-${colours.get(service) ?? 0}, var(--border-strong))`,
              } as CSSProperties
            }
          />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-sm">
        {shares.map(({ service, ms }) => (
          <li key={service} className="flex items-center gap-1.5">
            {service === null ? (
              <span className="inline-flex items-center gap-1.5 text-secondary">
                <span aria-hidden className="w-3 border-t-2 border-dotted border-tertiary" />
                waiting in outboxes and topics
              </span>
            ) : (
              <ServiceName name={service} colour={colours.get(service) ?? null} className="gap-1.5" />
            )}
            <Quantity of={duration(ms)} className="font-mono" />
            <span className="text-tertiary">
              <Quantity of={percent(ms / total)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
