import { nanoToMs } from '#components/format/time.ts';
import { spanLabel } from '#components/traces/span-label.ts';
import type { TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord, Severity, Span } from '#contracts/telemetry/query.ts';
import { type StateChange, stateChanges } from './state-changes.ts';
import { endMs, type Reading, type StoryMessage, storyMessages } from './story-messages.ts';

/** What a story is made of, from the order's state down to the small print. */
export const storyKinds = ['state', 'message', 'outbox', 'inbox', 'span', 'log'] as const;
export type StoryKind = (typeof storyKinds)[number];

type Line = {
  /** What the URL names it by. */
  id: string;
  /** Epoch milliseconds. */
  atMs: number;
  /** Epoch milliseconds; equal to `atMs` for an instant, null while it goes on. */
  endMs: number | null;
  service: string;
  /** A few words: the event's name, the span's, the log line's message. */
  text: string;
};

/** One line of an order's story: something that happened, or lasted, in one process. */
export type StoryLine = Line &
  (
    | { kind: 'state'; change: StateChange }
    | { kind: 'message' | 'outbox'; message: StoryMessage }
    | { kind: 'inbox'; message: StoryMessage; reading: Reading }
    | { kind: 'span'; span: Span }
    | { kind: 'log'; severity: Severity; log: LogRecord }
  );

export type Told = { timeline: readonly TimelineEntry[]; spans: readonly Span[]; logs: readonly LogRecord[] };

/** Everything that is known of an order in the order of time; of one millisecond in the order of `storyKinds`. */
export function storyLines({ timeline, spans, logs }: Told): StoryLine[] {
  const messages = storyMessages(timeline, spans);
  const lines = [
    ...stateLines(timeline),
    ...messages.map(messageLine),
    ...messages.filter(({ entry, sends }) => entry !== null || sends.length > 0).map(outboxLine),
    ...messages.flatMap(inboxLines),
    ...spans.map(spanLine),
    ...logs.map(logLine),
  ];
  // Sorting is stable and the timeline is already in causal order, which clocks may contradict by a millisecond.
  return lines.sort((a, b) => Math.floor(a.atMs) - Math.floor(b.atMs));
}

function stateLines(timeline: readonly TimelineEntry[]): StoryLine[] {
  const changes = stateChanges(timeline);
  return changes.map((change, index) => {
    const next = changes[index + 1];
    return {
      kind: 'state',
      id: `state-${change.status}`,
      atMs: Date.parse(change.entry.occurredAt),
      endMs: next ? Date.parse(next.entry.occurredAt) : null,
      service: change.entry.producer,
      text: change.status,
      change,
    };
  });
}

/** A message lies in its topic from the acknowledgement until the last of its readers has taken it up. */
function messageLine(message: StoryMessage): StoryLine {
  const { id, entry, event, producer, publishedMs, readings, sends, writtenMs } = message;
  const read = readings.map(({ span }) => nanoToMs(span.startUnixNano));
  const atMs = publishedMs ?? (sends[0] ? nanoToMs(sends[0].startUnixNano) : writtenMs);
  const last = Math.max(...read, entry ? Date.parse(entry.receivedAt) : Number.NEGATIVE_INFINITY);
  const ended = Number.isFinite(last) ? Math.max(atMs, last) : null;
  return { kind: 'message', id, atMs, endMs: ended, service: producer, text: event, message };
}

/** A row waits in its outbox from the commit until the broker has acknowledged it. Whoever read it proves that it has. */
function outboxLine(message: StoryMessage): StoryLine {
  const { id, entry, event, producer, publishedMs, writtenMs } = message;
  const ended = publishedMs ?? (entry ? Date.parse(entry.receivedAt) : null);
  const endMs = ended === null ? null : Math.max(ended, writtenMs);
  return { kind: 'outbox', id: `outbox-${id}`, atMs: writtenMs, endMs, service: producer, text: event, message };
}

function inboxLines(message: StoryMessage): StoryLine[] {
  return message.readings.map((reading) => ({
    kind: 'inbox',
    id: `inbox-${reading.span.spanId}`,
    atMs: nanoToMs(reading.span.startUnixNano),
    endMs: endMs(reading.span),
    service: reading.span.service,
    text: message.event,
    message,
    reading,
  }));
}

function spanLine(span: Span): StoryLine {
  const { text, detail } = spanLabel(span);
  return {
    kind: 'span',
    id: `span-${span.spanId}`,
    atMs: nanoToMs(span.startUnixNano),
    endMs: endMs(span),
    service: span.service,
    text: detail ? `${text} ${detail}` : text,
    span,
  };
}

function logLine(log: LogRecord): StoryLine {
  const atMs = nanoToMs(log.timeUnixNano);
  const { id, service, severity, body } = log;
  return { kind: 'log', id: `log-${id}`, atMs, endMs: atMs, service, text: body, severity, log };
}

export type StoryFilter = { kinds: readonly StoryKind[]; service: string | null };

export function filterStory(lines: readonly StoryLine[], { kinds, service }: StoryFilter): StoryLine[] {
  return lines.filter((line) => kinds.includes(line.kind) && (service === null || line.service === service));
}

/** Whether something of it went wrong: a failed span or handling, a loud log line. */
export function isTrouble(line: StoryLine): boolean {
  switch (line.kind) {
    case 'span':
      return line.span.status === 'error';
    case 'inbox':
      return line.reading.outcome === 'failed';
    case 'log':
      return line.severity === 'error' || line.severity === 'fatal';
    case 'outbox':
      return line.message.sends.some(({ status }) => status === 'error');
    case 'state':
    case 'message':
      return false;
    default:
      return line satisfies never;
  }
}

/** Of two readings of one order's story the one with more events: a timeline only ever grows. */
export function fullerStory<S extends { timeline: readonly unknown[] }>(before: S | undefined, answer: S): S {
  return before !== undefined && before.timeline.length > answer.timeline.length ? before : answer;
}

/** Adds an event, or leaves the timeline as it is when it is known. */
export function addEntry(timeline: readonly TimelineEntry[], entry: TimelineEntry): readonly TimelineEntry[] {
  if (timeline.some(({ messageId }) => messageId === entry.messageId)) return timeline;
  // Arrival may contradict time: a topic that is read late. No effect goes before its cause, though.
  const cause = timeline.findIndex(({ messageId }) => messageId === entry.causationId);
  const later = timeline.findIndex(({ occurredAt }, index) => index > cause && occurredAt > entry.occurredAt);
  return later < 0 ? [...timeline, entry] : [...timeline.slice(0, later), entry, ...timeline.slice(later)];
}

/** Adds log lines that are not known yet. */
export function addLogs(logs: readonly LogRecord[], more: readonly LogRecord[]): readonly LogRecord[] {
  return addNew(logs, more, ({ id }) => id);
}

/** Adds spans that are not known yet. */
export function addSpans(spans: readonly Span[], more: readonly Span[]): readonly Span[] {
  return addNew(spans, more, ({ spanId }) => spanId);
}

function addNew<T>(known: readonly T[], more: readonly T[], idOf: (item: T) => string): readonly T[] {
  const ids = new Set(known.map(idOf));
  const fresh = more.filter((item) => !ids.has(idOf(item)));
  return fresh.length > 0 ? [...known, ...fresh] : known;
}

/** The envelope as it went over the broker, as far as history keeps it. */
export function envelopeOf(entry: TimelineEntry) {
  const { event, version, data, messageId, occurredAt, causationId, producer, traceparent } = entry;
  return { event, version, data, metadata: { id: messageId, occurredAt, causationId, producer, traceparent } };
}
