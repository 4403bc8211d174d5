'use client';

import { type ChartBand, type ChartSeries, TimeChart } from '#components/charts/time-chart.tsx';
import { durationText } from '#components/format/duration.ts';
import { perSecond } from '#components/format/number.ts';
import { type LoadPoint, latencyCaption, throughputCaption } from './samples.ts';

const throughput: readonly ChartSeries<LoadPoint>[] = [
  { key: 'due', name: 'Due', colour: 'var(--text-tertiary)', dash: '2 3' },
  { key: 'accepted', name: 'Accepted', colour: 'var(--accent)' },
  { key: 'ended', name: 'Ended', colour: 'var(--ok)', dash: '6 3' },
  { key: 'failed', name: 'Failed or unknown', colour: 'var(--error)', dash: '1 3' },
];

const latency: readonly ChartSeries<LoadPoint>[] = [
  { key: 'acceptedP95', name: 'Accepted p95', colour: 'var(--accent)' },
  { key: 'sagaP95', name: 'Saga p95', colour: 'var(--p95)', dash: '6 3' },
];

const secondsText = (seconds: number) => `${seconds} s`;

/** Orders per second, and the p95 of each span, above one another with one crosshair. */
export function LoadCharts({ points, bands }: { points: readonly LoadPoint[]; bands: readonly ChartBand[] }) {
  return (
    <>
      <TimeChart
        points={points}
        at="seconds"
        atText={secondsText}
        series={throughput}
        valueText={(value) => `${perSecond(value)}/s`}
        syncId="load"
        bands={bands}
        caption={throughputCaption(points)}
      />
      <div className="border-t border-border">
        <TimeChart
          points={points}
          at="seconds"
          atText={secondsText}
          series={latency}
          valueText={durationText}
          syncId="load"
          bands={bands}
          caption={latencyCaption(points)}
        />
      </div>
    </>
  );
}
