import { Zap } from 'lucide-react';

type LegendSeries = {
  name: string;
  colour: string;
  /** SVG dash pattern of a line. */
  dash?: string;
  /** A bar that is an outline only. */
  hollow?: boolean;
};

/** Names of the series, each with its mark. */
export function ChartLegend({ series }: { series: readonly LegendSeries[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-secondary">
      {series.map(({ name, colour, dash, hollow }) => (
        <li key={name} className="inline-flex items-center gap-1.5">
          <svg aria-hidden width="18" height="8" className="shrink-0">
            {hollow ? (
              <rect x="0.75" y="0.75" width="16.5" height="6.5" fill="none" stroke={colour} strokeWidth="1.25" />
            ) : (
              <line x1="0" y1="4" x2="18" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash ?? '0'} />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** What the shaded spans are. It is there without any, so that nothing moves when a fault begins. */
export function BandLegend() {
  return (
    <p className="inline-flex items-center gap-1.5 text-sm text-secondary">
      <svg aria-hidden width="18" height="10" className="shrink-0">
        <rect
          x="0.5"
          y="0.5"
          width="17"
          height="9"
          fill="color-mix(in oklch, var(--fault) 14%, transparent)"
          stroke="var(--fault)"
          strokeDasharray="3 2"
        />
      </svg>
      Fault on purpose
    </p>
  );
}

/** What a chart says at the pointer. */
export function ChartReading({
  title,
  notes = [],
  rows,
}: {
  title: string;
  /** What was on then: names of faults. */
  notes?: readonly string[];
  rows: readonly { name: string; colour: string; text: string }[];
}) {
  return (
    <div className="rounded-md border border-border bg-popover px-2 py-1.5 text-sm shadow-float">
      <p className="text-tertiary tabular-nums">{title}</p>
      <ul>
        {rows.map(({ name, colour, text }) => (
          <li key={name} className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-[2px]" style={{ background: colour }} />
            <span className="text-secondary">{name}</span>
            <span className="ml-auto pl-3 tabular-nums">{text}</span>
          </li>
        ))}
      </ul>
      {notes.map((note) => (
        <p key={note} className="mt-1 flex max-w-72 items-baseline gap-1.5 text-secondary">
          <Zap aria-hidden className="size-3 shrink-0 self-center stroke-2 text-fault" />
          {note}
        </p>
      ))}
    </div>
  );
}
