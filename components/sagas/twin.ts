import { type SagaStep, type StepId, sagaSteps } from '#components/orders/saga.ts';
import { storyMessages } from '#components/orders/story-messages.ts';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span } from '#contracts/telemetry/query.ts';

/** One of two orders that are compared. */
export type Twin = { order: OrderView; timeline: readonly TimelineEntry[]; spans: readonly Span[] };

/** What one order cost and how it went; null is not known yet. */
export type TwinFigures = {
  /** Milliseconds until the gateway had answered. */
  acceptedMs: number | null;
  /** Milliseconds until it was confirmed or cancelled. */
  tookMs: number | null;
  events: number;
  commands: number;
  /** Handlings of messages by consumer groups, history's own left out: it only watches. */
  handlings: number;
  spans: number;
  statements: number;
  /** Recovery: what was asked for or sent more than once, what an inbox absorbed, what failed, what was taken back. */
  commandsRepeated: number;
  sentAgain: number;
  duplicates: number;
  failedSpans: number;
  undone: number;
};

const observer = 'history';

export function twinFigures({ order, timeline, spans }: Twin): TwinFigures {
  const messages = storyMessages(timeline, spans);
  const readings = messages.flatMap(({ readings }) => readings).filter(({ consumer }) => consumer !== observer);
  const steps = sagaSteps(order, timeline);
  const accepted = spans.find(({ kind, parentSpanId }) => kind === 'server' && parentSpanId === null);
  const commands = messages.filter(({ topic }) => topic.endsWith('.commands')).length;
  return {
    acceptedMs: accepted ? accepted.durationNano / 1e6 : null,
    tookMs: order.finishedAt === null ? null : Date.parse(order.finishedAt) - Date.parse(order.createdAt),
    events: messages.length - commands,
    commands,
    handlings: readings.length,
    spans: spans.length,
    statements: spans.filter(({ attributes }) => attributes[names.dbSystem] !== undefined).length,
    commandsRepeated: steps.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    sentAgain: messages.reduce((sum, { sends }) => sum + Math.max(0, sends.length - 1), 0),
    duplicates: readings.filter(({ outcome }) => outcome === 'duplicate').length,
    failedSpans: spans.filter(({ status }) => status === 'error').length,
    undone: steps.filter(({ id, state }) => (id === 'released' || id === 'refunded') && state === 'done').length,
  };
}

export type TwinBar = { fromMs: number; toMs: number; state: SagaStep['state'] };
export type TwinStep = { id: StepId; title: string; bars: readonly [TwinBar | null, TwinBar | null] };

/** The steps that either of the two took, each with when it was at it, milliseconds after its order was placed. */
export function twinSteps(twins: readonly [Twin | null, Twin | null], nowMs: number | null): TwinStep[] {
  const sides = twins.map((twin) => (twin ? sagaSteps(twin.order, twin.timeline) : []));
  const [left = [], right = []] = sides;
  const ids = [...new Set([...left, ...right].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const of = (steps: readonly SagaStep[], twin: Twin | null) => {
      const step = steps.find((one) => one.id === id);
      return step && twin ? toBar(step, Date.parse(twin.order.createdAt), nowMs) : null;
    };
    const bars = [of(left, twins[0]), of(right, twins[1])] as const;
    const title = [...left, ...right].find((one) => one.id === id && one.entry)?.title ?? id;
    return bars.some((bar) => bar !== null) ? [{ id, title, bars }] : [];
  });
}

function toBar(step: SagaStep, placedMs: number, nowMs: number | null): TwinBar | null {
  const { startedAtMs, entry, state } = step;
  const endMs = entry ? Date.parse(entry.occurredAt) : state === 'running' ? nowMs : null;
  if (endMs === null) return null;
  const fromMs = Math.max(0, (startedAtMs ?? endMs) - placedMs);
  return { fromMs, toMs: Math.max(fromMs, endMs - placedMs), state };
}
