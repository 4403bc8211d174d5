'use client';

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

export type ChartSeries<Point> = {
  key: keyof Point & string;
  name: string;
  /** A CSS colour from a token, e.g. `var(--p95)`. */
  colour: string;
  /** SVG dash pattern: lines differ by more than colour. */
  dash?: string;
};

export type TimeChartProps<Point> = {
  points: readonly Point[];
  /** Field of the horizontal axis, a number. */
  at: keyof Point & string;
  atText: (at: number) => string;
  series: readonly ChartSeries<Point>[];
  valueText: (value: number) => string;
  /** Charts with one id share their crosshair. */
  syncId?: string;
  /** What it shows, as a sentence; read out instead of the drawing, and shown below it. */
  caption: string;
};

const axisStyle = { fontSize: 11, fill: 'var(--text-tertiary)' };

/** Lines over time. Null is a gap and is drawn as one; nothing animates, because the data itself moves. */
export function TimeChart<Point extends object>(props: TimeChartProps<Point>) {
  const { points, at, atText, series, valueText, syncId, caption } = props;
  return (
    <figure className="flex flex-col gap-2 p-4 pb-3">
      <Legend series={series} />
      <div aria-hidden className="h-44 w-full">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 176 }}>
          <LineChart
            data={[...points]}
            syncId={syncId}
            accessibilityLayer={false}
            margin={{ top: 4, right: 8, bottom: 0, left: 0 }}
          >
            <CartesianGrid stroke="var(--border)" vertical={false} />
            <XAxis
              dataKey={(point: Point) => point[at]}
              type="number"
              domain={['dataMin', 'dataMax']}
              tickFormatter={atText}
              tick={axisStyle}
              stroke="var(--border-strong)"
              tickLine={false}
              minTickGap={40}
            />
            <YAxis
              width={52}
              tickFormatter={valueText}
              tick={axisStyle}
              stroke="var(--border-strong)"
              tickLine={false}
              axisLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ stroke: 'var(--border-strong)' }}
              content={({ active, payload, label }) =>
                active && payload.length > 0 ? (
                  <Reading
                    title={atText(Number(label))}
                    rows={payload.map(({ name, value, color }) => ({
                      name: String(name),
                      colour: color ?? '',
                      text: value === null || value === undefined ? '–' : valueText(Number(value)),
                    }))}
                  />
                ) : null
              }
            />
            {series.map(({ key, name, colour, dash }) => (
              <Line
                key={key}
                dataKey={key}
                name={name}
                stroke={colour}
                strokeWidth={1.5}
                strokeDasharray={dash ?? '0'}
                type="linear"
                dot={points.length === 1}
                activeDot={{ r: 3 }}
                connectNulls={false}
                isAnimationActive={false}
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
      </div>
      <figcaption className="text-sm text-tertiary">{caption}</figcaption>
    </figure>
  );
}

function Legend({ series }: { series: readonly Pick<ChartSeries<object>, 'name' | 'colour' | 'dash'>[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm text-secondary">
      {series.map(({ name, colour, dash }) => (
        <li key={name} className="inline-flex items-center gap-1.5">
          <svg aria-hidden width="18" height="8" className="shrink-0">
            <line x1="0" y1="4" x2="18" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash ?? '0'} />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function Reading({ title, rows }: { title: string; rows: readonly { name: string; colour: string; text: string }[] }) {
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
    </div>
  );
}
