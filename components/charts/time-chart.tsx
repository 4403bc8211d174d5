'use client';

import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { BandLegend, ChartLegend, ChartReading } from './chart-parts.tsx';

export type ChartSeries<Point> = {
  key: keyof Point & string;
  name: string;
  /** A CSS colour from a token, e.g. `var(--p95)`. */
  colour: string;
  /** SVG dash pattern: lines differ by more than colour. */
  dash?: string;
};

/** A shaded span of the time axis: a fault was on. */
export type ChartBand = {
  id: string;
  /** In the unit of the axis. */
  from: number;
  to: number;
  /** What was on, in words. */
  text: string;
};

export type TimeChartProps<Point> = {
  points: readonly Point[];
  /** Field of the horizontal axis, a number. */
  at: keyof Point & string;
  atText: (at: number) => string;
  series: readonly ChartSeries<Point>[];
  valueText: (value: number) => string;
  /** Faults of the time that is shown. The legend names them also while there are none, so that nothing moves. */
  bands?: readonly ChartBand[];
  /** Charts with one id share their crosshair. */
  syncId?: string;
  /** What it shows, as a sentence; read out instead of the drawing, and shown below it. */
  caption: string;
};

const axisStyle = { fontSize: 11, fill: 'var(--text-tertiary)' };

/** Lines over time. Null is a gap and is drawn as one; nothing animates, because the data itself moves. */
export function TimeChart<Point extends object>(props: TimeChartProps<Point>) {
  const { points, at, atText, series, valueText, syncId, caption, bands = [] } = props;
  const stepHalf = halfStep(points.map((point) => Number(point[at])));
  const bandsAt = (value: number) => bands.filter(({ from, to }) => from <= value + stepHalf && to >= value - stepHalf);
  return (
    <figure className="flex flex-col gap-2 p-4 pb-3">
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        <ChartLegend series={series} />
        {props.bands ? <BandLegend /> : null}
      </div>
      <div aria-hidden className="h-44 w-full">
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 176 }}>
          <LineChart
            data={[...points]}
            syncId={syncId}
            accessibilityLayer={false}
            margin={{ top: 4, right: 8, bottom: 0, left: 0 }}
          >
            <CartesianGrid stroke="var(--border)" vertical={false} />
            {bands.map(({ id, from, to }) => (
              <ReferenceArea
                key={id}
                x1={from}
                x2={to}
                ifOverflow="hidden"
                className="chart-band"
                fill="var(--fault)"
                fillOpacity={0.14}
                stroke="var(--fault)"
                strokeOpacity={0.7}
                strokeDasharray="3 2"
              />
            ))}
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
                    notes={bandsAt(Number(label)).map(({ text }) => text)}
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
      <figcaption className="text-sm text-tertiary">
        {caption}
        {bands.length > 0 ? (
          <span className="sr-only"> Faults on purpose: {bands.map(({ text }) => text).join('; ')}.</span>
        ) : null}
      </figcaption>
    </figure>
  );
}

/** Half of the distance of two points: what lies between them is told at the nearer one. */
function halfStep(values: readonly number[]): number {
  const [first, second] = values;
  return first === undefined || second === undefined ? 0 : (second - first) / 2;
}
