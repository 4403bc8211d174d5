import type { TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord, Severity } from '#contracts/telemetry/query.ts';

/** One line of an order's story. `id` is what the URL names it by. */
export type StoryLine =
  | { kind: 'event'; id: string; atMs: number; service: string; entry: TimelineEntry }
  | { kind: 'log'; id: string; atMs: number; service: string; severity: Severity; log: LogRecord };

export type StoryFilter = { show: 'all' | 'event' | 'log'; service: string | null };

/** Events and log lines in the order of time; of one instant the event comes first, then as they arrived. */
export function storyLines(timeline: readonly TimelineEntry[], logs: readonly LogRecord[]): StoryLine[] {
  const events = timeline.map(
    (entry): StoryLine => ({
      kind: 'event',
      id: entry.messageId,
      atMs: Date.parse(entry.occurredAt),
      service: entry.producer,
      entry,
    }),
  );
  const lines = logs.map(
    (log): StoryLine => ({
      kind: 'log',
      id: `log-${log.id}`,
      atMs: Number(log.timeUnixNano) / 1e6,
      service: log.service,
      severity: log.severity,
      log,
    }),
  );
  // Sorting is stable and the timeline is already in causal order, which clocks may contradict by a millisecond.
  return [...events, ...lines].sort((a, b) => Math.floor(a.atMs) - Math.floor(b.atMs));
}

export function filterStory(lines: readonly StoryLine[], { show, service }: StoryFilter): StoryLine[] {
  return lines.filter(
    (line) => (show === 'all' || line.kind === show) && (service === null || line.service === service),
  );
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
  const known = new Set(logs.map(({ id }) => id));
  const fresh = more.filter(({ id }) => !known.has(id));
  return fresh.length > 0 ? [...logs, ...fresh] : logs;
}

/** The envelope as it went over the broker, as far as history keeps it. */
export function envelopeOf(entry: TimelineEntry) {
  const { event, version, data, messageId, occurredAt, causationId, producer, traceparent } = entry;
  return { event, version, data, metadata: { id: messageId, occurredAt, causationId, producer, traceparent } };
}
