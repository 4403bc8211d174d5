import type { SagaStats, SagaStepName, SagaStyleStats } from '#contracts/http/history.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';

/** What a step is called, in the order of the happy path, then of its undoing. */
export const stepTitles: Record<SagaStepName, string> = {
  created: 'Created',
  screened: 'Screened',
  reserved: 'Reserved',
  paid: 'Paid',
  confirmed: 'Confirmed',
  committed: 'Shipped',
  invoiced: 'Invoiced',
  notified: 'Notified',
  compensating: 'Undoing',
  released: 'Released',
  refunded: 'Refunded',
  cancelled: 'Cancelled',
  apologised: 'Apologised',
};

/** The steps that one saga after the other takes: a funnel only narrows. */
export const funnelSteps = ['created', 'screened', 'reserved', 'paid', 'confirmed'] as const satisfies SagaStepName[];

/** One step in one style: how many took it, which share of those who could, and how long it took. */
export type StepRow = {
  step: SagaStepName;
  title: string;
  style: SagaStyle;
  reached: number;
  failed: number;
  /** Of the sagas that took the step before, 0–1; null when there were none, or when nothing comes before. */
  conversion: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
};

export function stepRows({ style, steps }: Pick<SagaStyleStats, 'style' | 'steps'>): StepRow[] {
  const reachedOf = new Map(steps.map(({ step, reached }) => [step, reached]));
  return steps.map(({ step, reached, failed, p50Ms, p95Ms }) => {
    const place = (funnelSteps as readonly SagaStepName[]).indexOf(step);
    const before = place > 0 ? (reachedOf.get(funnelSteps[place - 1] ?? 'created') ?? 0) : 0;
    const conversion = before > 0 ? Math.min(1, reached / before) : null;
    return { step, title: stepTitles[step], style, reached, failed, conversion, p50Ms, p95Ms };
  });
}

/** A row per step with a column per style, for charts. */
export type ComparedStep = { step: SagaStepName; title: string } & Record<SagaStyle, number | null>;

export function comparedSteps(
  stats: SagaStats,
  steps: readonly SagaStepName[],
  pick: (row: StepRow) => number | null,
): ComparedStep[] {
  const rows = stats.styles.flatMap(stepRows);
  const value = (step: SagaStepName, style: SagaStyle) => {
    const row = rows.find((one) => one.step === step && one.style === style);
    return row ? pick(row) : null;
  };
  return steps.map((step) => ({
    step,
    title: stepTitles[step],
    choreography: value(step, 'choreography'),
    orchestration: value(step, 'orchestration'),
  }));
}

/** Where most sagas are lost, and which step takes longest, in a sentence. `text` formats milliseconds. */
export function funnelCaption(stats: SagaStats): string {
  const rows = stats.styles.flatMap(stepRows);
  const lost = rows
    .filter(({ conversion }) => conversion !== null && conversion < 1)
    .toSorted((a, b) => (a.conversion ?? 1) - (b.conversion ?? 1))[0];
  const begun = rows.filter(({ step }) => step === 'created').reduce((sum, { reached }) => sum + reached, 0);
  const confirmed = rows.filter(({ step }) => step === 'confirmed').reduce((sum, { reached }) => sum + reached, 0);
  if (begun === 0) return 'No saga began in this window.';
  const share = `${confirmed} of ${begun} were confirmed.`;
  return lost
    ? `${share} Most are lost at ${lost.title.toLowerCase()} (${lost.style}): ${Math.round((lost.conversion ?? 0) * 100)} % go on.`
    : share;
}

export function timeCaption(stats: SagaStats, text: (ms: number) => string): string {
  const slowest = stats.styles
    .flatMap(stepRows)
    .filter(({ p95Ms }) => p95Ms !== null)
    .toSorted((a, b) => (b.p95Ms ?? 0) - (a.p95Ms ?? 0))[0];
  if (!slowest) return 'No step has been taken in this window.';
  return `Slowest: ${slowest.title.toLowerCase()} (${slowest.style}), 95 % within ${text(slowest.p95Ms ?? 0)}.`;
}
