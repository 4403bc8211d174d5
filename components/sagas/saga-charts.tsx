'use client';

import { BarChart } from '#components/charts/bar-chart.tsx';
import { durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import type { SagaStats, SagaStepName } from '#contracts/http/history.ts';
import { comparedSteps, funnelCaption, funnelSteps, timeCaption } from './saga-numbers.ts';
import { sagaStyles, styleLooks } from './saga-styles.ts';

const timedSteps: readonly SagaStepName[] = [
  ...['screened', 'reserved', 'paid', 'confirmed', 'committed', 'invoiced', 'notified'],
  ...['released', 'refunded', 'cancelled'],
] as SagaStepName[];

const series = sagaStyles.map((style) => ({
  key: style,
  name: styleLooks[style].title,
  colour: styleLooks[style].colour,
  hollow: style === 'orchestration',
}));

/** Conversion at the left, time per step at the right, both styles in each. */
export function SagaCharts({ stats }: { stats: SagaStats }) {
  const timed = comparedSteps(stats, timedSteps, ({ p95Ms }) => p95Ms).filter(
    ({ choreography, orchestration }) => choreography !== null || orchestration !== null,
  );
  return (
    <div className="grid gap-x-4 lg:grid-cols-2">
      <section aria-labelledby="saga-funnel">
        <h3 id="saga-funnel" className="px-4 pt-3 text-sm font-medium text-tertiary">
          Sagas that took each step
        </h3>
        <BarChart
          rows={comparedSteps(stats, [...funnelSteps, 'cancelled'], ({ reached }) => reached)}
          name="title"
          series={series}
          valueText={count}
          caption={funnelCaption(stats)}
        />
      </section>
      <section aria-labelledby="saga-times">
        <h3 id="saga-times" className="px-4 pt-3 text-sm font-medium text-tertiary">
          Time per step, p95
        </h3>
        <BarChart
          rows={timed}
          name="title"
          series={series}
          valueText={(ms) => (ms === 0 ? '0' : durationText(ms))}
          caption={timeCaption(stats, durationText)}
        />
      </section>
    </div>
  );
}
