import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { FaultWindow, Footprint } from '#contracts/telemetry/faults.ts';
import type { SpanRecord } from '../records.ts';
import { type Edge, edgeOf } from '../red/edge.ts';

/** A span as the rules look at it. Times are epoch milliseconds. */
export type Subject = {
  span: SpanRecord;
  edge: Edge | null;
  endMs: number;
  /** When what it is about began: its message was sent, its outbox row written; else its own start. */
  beganMs: number;
};

/** `later`: it would be, had the fault a hit or an end; the next news of it will say. */
export type Touch = 'yes' | 'no' | 'later';

/** After its fault a breaker stays open for this long at most (services/kit/resilience). */
const breakerRestMs = 10_000;
/** A fault is found gone a moment after it has let go: its injector may have ended it by itself. */
const foundGoneMs = 500;
/** A message that took less has not waited for anything. */
const waitedMs = 100;

/** `sentNano`: when the message of a consumer span was sent, as far as it is known. */
export function subjectOf(span: SpanRecord, sentNano: bigint | null): Subject {
  const startMs = Number(span.startNano) / 1e6;
  const ageMs = span.kind === 'producer' ? Number(span.attributes[names.outboxDelayMs] ?? 0) : 0;
  const sentMs = sentNano === null ? startMs : Number(sentNano) / 1e6;
  return {
    span,
    edge: edgeOf(span),
    endMs: startMs + span.durationNano / 1e6,
    beganMs: Math.min(startMs - (Number.isFinite(ageMs) ? ageMs : 0), sentMs),
  };
}

/** Whether a fault touched a span. The rules are told in sandbox/chaos/README.md. */
export function touch(window: FaultWindow, subject: Subject): Touch {
  const verdict = isGivenUp(window, subject) ? 'yes' : touchOf(window, subject);
  if (verdict !== 'yes' || window.bites || refuses(window.footprint)) return verdict;
  return window.untilMs === null ? 'later' : 'no';
}

function touchOf(window: FaultWindow, subject: Subject): Touch {
  const { footprint } = window;
  if (footprint.on === 'edge')
    return crosses(footprint, subject) ? byEffect(footprint.effect, footprint.leastMs, window, subject) : 'no';
  if (subject.span.service === footprint.process && (isServed(subject) || isGivenUpCall(subject)))
    return ranDuring(footprint, window, subject);
  if (calleeOf(subject) !== footprint.process) return 'no';
  return byEffect(footprint.effect === 'down' ? 'cut' : 'delay', footprint.leastMs, window, subject);
}

/** A call, or a message on its way. */
function byEffect(
  effect: 'cut' | 'refuse' | 'delay' | 'all',
  leastMs: number,
  window: FaultWindow,
  subject: Subject,
): Touch {
  if (!overlaps(window, subject.beganMs, subject.endMs)) return 'no';
  if (effect === 'all' || isUnanswered(subject.span)) return 'yes';
  if (effect === 'delay') return subject.endMs - subject.beganMs >= leastMs ? 'yes' : 'no';
  return hasOutwaited(window, subject);
}

/**
 * What a process serves itself, and calls that it gave up on: all of it while it is gone or stands still, what took long
 * while it is slow.
 */
function ranDuring(
  { leastMs }: Extract<Footprint, { on: 'process' }>,
  window: FaultWindow,
  { beganMs, endMs }: Subject,
): Touch {
  return overlaps(window, beganMs, endMs) && endMs - beganMs >= leastMs ? 'yes' : 'no';
}

/** A message is no call: it goes through once the way is free, and its span is fine. That it waited shows. */
function hasOutwaited({ untilMs }: FaultWindow, { edge, beganMs, endMs }: Subject): Touch {
  const waits = edge?.protocol === 'kafka-produce' || edge?.protocol === 'kafka-consume';
  if (!waits || endMs - beganMs < waitedMs) return 'no';
  if (untilMs === null) return 'later';
  return beganMs < untilMs && endMs > untilMs - foundGoneMs ? 'yes' : 'no';
}

/** A span whose work could not reach the other side says so, also for a while after the fault: see the breaker. */
function isGivenUp(window: FaultWindow, { span, beganMs, endMs }: Subject): boolean {
  const peer = span.attributes[names.unreachable];
  const { footprint, untilMs } = window;
  if (peer === undefined || !overlaps({ ...window, untilMs: untilMs && untilMs + breakerRestMs }, beganMs, endMs))
    return false;
  if (footprint.on === 'process') return footprint.process === peer;
  return footprint.from === span.service && footprint.to === peer;
}

function refuses(footprint: Footprint): boolean {
  return footprint.on === 'edge' && footprint.effect === 'refuse';
}

function overlaps({ fromMs, untilMs }: Pick<FaultWindow, 'fromMs' | 'untilMs'>, beganMs: number, endMs: number) {
  return endMs >= fromMs && (untilMs === null || beganMs < untilMs);
}

function crosses(footprint: Extract<Footprint, { on: 'edge' }>, { span, edge }: Subject): boolean {
  if (edge === null || span.service !== footprint.from) return false;
  if (footprint.protocol === 'kafka') return edge.protocol === 'kafka-produce' || edge.protocol === 'kafka-consume';
  if (edge.protocol !== footprint.protocol || edge.to !== footprint.to) return false;
  return footprint.table === undefined || span.attributes[names.dbCollection] === footprint.table;
}

/** The process at the other end of a call or a message; a topic is reached at the broker. */
function calleeOf({ edge }: Subject): string | null {
  if (edge === null) return null;
  return edge.protocol === 'kafka-produce' || edge.protocol === 'kafka-consume' ? 'broker' : edge.to;
}

/** A process that stands still finds its calls timed out when it goes on. */
function isGivenUpCall({ span }: Subject): boolean {
  return span.kind === 'client' && isUnanswered(span);
}

function isServed({ span: { kind } }: Subject): boolean {
  return kind === 'server' || kind === 'consumer' || kind === 'producer';
}

/** gRPC: cancelled, deadline exceeded, unavailable. */
const lostCalls = new Set(['1', '4', '14']);
/** SQLSTATE classes of a server that goes, refuses, or is not there. */
const lostServer = /^(08|57P|53)/;

/** A call that failed and has no answer of the other side to show for it. */
function isUnanswered({ status, attributes }: SpanRecord): boolean {
  if (status !== 'error') return false;
  const grpc = attributes[names.rpcGrpcStatusCode];
  if (grpc !== undefined) return lostCalls.has(String(grpc));
  const state = attributes[names.dbResponseStatus];
  if (state !== undefined) return lostServer.test(String(state));
  // An answer that broke off in its body has a good status and an error.
  return !(Number(attributes[names.httpResponseStatusCode]) >= 400);
}
