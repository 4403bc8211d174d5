'use client';

import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartLegend, ChartReading } from './chart-parts.tsx';

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
      <ChartLegend series={series} />
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
                  <ChartReading
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
