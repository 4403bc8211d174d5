import { expect, test } from 'vitest';
import type { SagaStats, SagaStepName, SagaStyleStats } from '#contracts/http/history.ts';
import { comparedSteps, funnelCaption, stepRows, stepTitles, timeCaption } from './saga-numbers.ts';

type Reached = Partial<Record<SagaStepName, [reached: number, p95Ms: number]>>;
const style = (style: SagaStyleStats['style'], reached: Reached) =>
  ({
    style,
    steps: (Object.keys(stepTitles) as SagaStepName[]).map((step) => {
      const [count = 0, p95Ms = null] = reached[step] ?? [];
      return { step, reached: count, failed: 0, p50Ms: p95Ms, p95Ms, maxMs: p95Ms };
    }),
  }) as unknown as SagaStyleStats;
const stats = (...styles: SagaStyleStats[]) => ({ styles }) as unknown as SagaStats;
const some = style('choreography', { created: [10, 0], screened: [10, 40], reserved: [8, 12], paid: [4, 300] });
const none = style('orchestration', {});

test('conversion is told of the step before; of nothing there is none', () => {
  const of = (step: SagaStepName) => stepRows(some).find((row) => row.step === step)?.conversion;
  expect([of('created'), of('screened'), of('reserved'), of('paid'), of('confirmed')]).toEqual([null, 1, 0.8, 0.5, 0]);
  expect(of('released'), 'no part of the funnel').toBeNull();
  expect(stepRows(none).every(({ conversion }) => conversion === null)).toBe(true);
});

test('both styles stand side by side', () => {
  expect(comparedSteps(stats(some, none), ['paid'], ({ reached }) => reached)).toEqual([
    { step: 'paid', title: 'Paid', choreography: 4, orchestration: 0 },
  ]);
});

test('captions name the loss and the slow step', () => {
  expect(funnelCaption(stats(none))).toBe('No saga began in this window.');
  expect(funnelCaption(stats(some, none))).toBe(
    '0 of 10 were confirmed. Most are lost at confirmed (choreography): 0 % go on.',
  );
  expect(timeCaption(stats(some), (ms) => `${ms} ms`)).toBe('Slowest: paid (choreography), 95 % within 300 ms.');
});
