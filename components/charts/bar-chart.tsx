'use client';

import { Bar, BarChart as Bars, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { ChartLegend, ChartReading } from './chart-parts.tsx';

export type BarSeries<Row> = {
  key: keyof Row & string;
  name: string;
  /** A CSS colour from a token. */
  colour: string;
  /** Drawn as an outline only: bars differ by more than colour. */
  hollow?: boolean;
};

export type BarChartProps<Row> = {
  rows: readonly Row[];
  /** Field that names a row. */
  name: keyof Row & string;
  series: readonly BarSeries<Row>[];
  valueText: (value: number) => string;
  /** What it shows, as a sentence; read out instead of the drawing, and shown below it. */
  caption: string;
};

const axisStyle = { fontSize: 11, fill: 'var(--text-tertiary)' };
const rowPx = 30;

/** Lying bars, one group per row, in the order given. Null is no bar. */
export function BarChart<Row extends object>({ rows, name, series, valueText, caption }: BarChartProps<Row>) {
  const height = rows.length * rowPx + 28;
  return (
    <figure className="flex flex-col gap-2 p-4 pb-3">
      <ChartLegend series={series} />
      <div aria-hidden className="w-full" style={{ height }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 560, height }}>
          <Bars
            data={[...rows]}
            layout="vertical"
            accessibilityLayer={false}
            barGap={2}
            margin={{ top: 0, right: 12, bottom: 0, left: 0 }}
          >
            <CartesianGrid stroke="var(--border)" horizontal={false} />
            <XAxis
              type="number"
              allowDecimals={false}
              tickFormatter={valueText}
              tick={axisStyle}
              stroke="var(--border-strong)"
              tickLine={false}
            />
            <YAxis
              type="category"
              dataKey={(row: Row) => row[name]}
              width={92}
              tick={{ ...axisStyle, fontSize: 12, fill: 'var(--text-secondary)' }}
              stroke="var(--border-strong)"
              tickLine={false}
              interval={0}
            />
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--raised)' }}
              content={({ active, payload, label }) =>
                active && payload.length > 0 ? (
                  <ChartReading
                    title={String(label)}
                    rows={payload.map(({ name, value, color }) => ({
                      name: String(name),
                      colour: color ?? '',
                      text: value === null || value === undefined ? '–' : valueText(Number(value)),
                    }))}
                  />
                ) : null
              }
            />
            {series.map(({ key, name, colour, hollow }) => (
              <Bar
                key={key}
                dataKey={(row: Row) => row[key]}
                name={name}
                fill={hollow ? 'var(--surface)' : colour}
                stroke={colour}
                strokeWidth={1.25}
                barSize={9}
                isAnimationActive={false}
              />
            ))}
          </Bars>
        </ResponsiveContainer>
      </div>
      <figcaption className="text-sm text-tertiary">{caption}</figcaption>
    </figure>
  );
}
