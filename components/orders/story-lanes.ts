import { type StoryKind, type StoryLine, storyKinds } from './story.ts';

export type StoryLane = {
  id: string;
  kind: StoryKind;
  /** What the lane belongs to: a topic, a consumer group, a process. */
  title: string;
  /** Process whose colour it has; null for topics and the order's state, which belong to several. */
  service: string | null;
  /** Lines in order of time, each on a row of the lane on which it overlaps nothing, as far as rows suffice. */
  items: readonly { line: StoryLine; row: number }[];
  rows: number;
};

/** A burst of parallel work must not push everything else off the screen. */
const mostRows = 6;

/** One lane per thing that can be waited for, in the order of `storyKinds`, then of first appearance. */
export function storyLanes(lines: readonly StoryLine[]): StoryLane[] {
  const lanes = new Map<string, { kind: StoryKind; title: string; service: string | null; lines: StoryLine[] }>();
  for (const kind of storyKinds) {
    for (const line of lines) {
      if (line.kind !== kind) continue;
      const title = titleOf(line);
      const id = `${kind} ${title}`;
      const lane = lanes.get(id);
      if (lane) lane.lines.push(line);
      else lanes.set(id, { kind, title, service: isShared(kind) ? null : line.service, lines: [line] });
    }
  }
  return [...lanes].map(([id, { lines: own, ...lane }]) => ({ id, ...lane, ...packed(own, lane.kind) }));
}

function titleOf(line: StoryLine): string {
  switch (line.kind) {
    case 'state':
      return 'order';
    case 'message':
      return line.message.topic;
    case 'inbox':
      return line.reading.consumer;
    case 'outbox':
    case 'span':
    case 'log':
      return line.service;
    default:
      return line satisfies never;
  }
}

function isShared(kind: StoryKind): boolean {
  return kind === 'state' || kind === 'message';
}

/** First fit. Log lines and states share one row: they are instants, or follow each other. */
function packed(lines: readonly StoryLine[], kind: StoryKind): Pick<StoryLane, 'items' | 'rows'> {
  const ends: number[] = [];
  const items = lines
    .toSorted((a, b) => a.atMs - b.atMs || lengthOf(b) - lengthOf(a))
    .map((line) => {
      const free = kind === 'state' || kind === 'log' ? 0 : ends.findIndex((end) => end <= line.atMs);
      const row = free >= 0 ? free : Math.min(ends.length, mostRows - 1);
      ends[row] = Math.max(ends[row] ?? 0, line.endMs ?? Number.POSITIVE_INFINITY);
      return { line, row };
    });
  return { items, rows: Math.max(1, ends.length) };
}

function lengthOf({ atMs, endMs }: StoryLine): number {
  return (endMs ?? Number.POSITIVE_INFINITY) - atMs;
}

/** Epoch milliseconds from the first to the last of all lines; what goes on reaches to `nowMs`, as far as it is known. */
export function storyRange(lines: readonly StoryLine[], nowMs: number | null): { fromMs: number; toMs: number } {
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, nowMs ?? Number.NEGATIVE_INFINITY];
  for (const line of lines) {
    fromMs = Math.min(fromMs, line.atMs);
    toMs = Math.max(toMs, line.endMs ?? line.atMs);
  }
  if (!Number.isFinite(fromMs)) return { fromMs: 0, toMs: 1 };
  return { fromMs, toMs: Math.max(toMs, fromMs + 1) };
}
