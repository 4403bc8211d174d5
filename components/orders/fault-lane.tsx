import { Zap } from 'lucide-react';
import Link from 'next/link';
import { bandText } from '#components/chaos/band-text.ts';
import { bandRows, type FaultBand } from '#components/chaos/fault-bands.ts';
import { place, type TimeWindow } from '#components/traces/waterfall-model.ts';

const rowPx = 18;
/** The lane has room for this many that overlap, also without any: only more of them at once make it grow. */
const leastRows = 2;

type FaultLaneProps = {
  bands: readonly FaultBand[];
  originMs: number;
  /** Milliseconds after the origin. */
  window: TimeWindow;
};

/** Faults that were on while the order lived, above everything that they may have touched. */
export function FaultLane({ bands, originMs, window }: FaultLaneProps) {
  const rows = bandRows(bands);
  const heightPx = Math.max(leastRows, ...rows.map((row) => row + 1)) * rowPx + 6;
  return (
    <section
      aria-label="Faults on purpose"
      data-lane="faults"
      className="grid grid-cols-[var(--lane-title)_minmax(0,1fr)] border-b border-border max-md:grid-cols-1"
    >
      <span className="flex items-center gap-1.5 pr-2 pl-4 text-sm text-secondary max-md:pt-1 max-md:pl-2">
        <Zap className="size-3.5 shrink-0 stroke-[1.5] text-fault" aria-hidden />
        <Link href="/chaos" className="rounded-sm py-0.5 hover:underline">
          Faults
        </Link>
      </span>
      <div className="pr-4 max-md:px-2">
        <ul className="relative overflow-hidden" style={{ height: heightPx }}>
          {bands.length === 0 ? (
            <li className="text-xs text-tertiary" style={{ lineHeight: `${heightPx}px` }}>
              none while it ran
            </li>
          ) : null}
          {bands.map((band, index) => {
            const at = place(window, band.fromMs - originMs, band.toMs - originMs);
            const text = bandText(band, originMs);
            return (
              <li
                key={band.id}
                title={text}
                hidden={at === null}
                data-fault={band.id}
                className="absolute min-w-1 overflow-hidden rounded-[3px] border border-fault bg-[color-mix(in_oklch,var(--fault)_22%,var(--surface))] px-1 text-xs leading-[14px] whitespace-nowrap text-foreground"
                style={{
                  left: `${(at?.left ?? 0) * 100}%`,
                  width: `${(at?.width ?? 0) * 100}%`,
                  top: 3 + (rows[index] ?? 0) * rowPx,
                  height: rowPx - 2,
                }}
              >
                <span aria-hidden>
                  {band.title} · {band.target}
                </span>
                <span className="sr-only">{text}</span>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
