import { describe, expect, test } from 'vitest';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span, TraceSummary } from '#contracts/telemetry/query.ts';
import type { Sources } from './invariant.ts';
import { type Attributions, type Mark, obs2 } from './obs2-every-mark-is-a-fault.ts';
import { isOwed, obs3 } from './obs3-every-hit-leaves-a-mark.ts';

const at = (seconds: number) => Date.parse('2026-11-30T10:00:00.000Z') + seconds * 1_000;
const instant = (seconds: number) => new Date(at(seconds)).toISOString();

/** Armed at 0 s, gone at 10 s. */
const run: FaultRun = {
  id: 'f1',
  fault: 'http-errors',
  code: 'F-15',
  title: 'HTTP errors',
  target: 'pricing',
  touches: ['pricing'],
  parameters: {},
  seed: 's',
  ttlMs: 60_000,
  state: 'reverted',
  hits: 3,
  armedAt: instant(0),
  expiresAt: instant(60),
  endedAt: instant(10),
  endedBy: 'user',
  revertMs: 10,
  reason: null,
};
const trace = {
  traceId: 'a'.repeat(32),
  orderId: null,
  errorCount: 2,
  injectedCount: 1,
  faults: [{ id: 'f1', kind: 'http-errors' }],
};
const mark: Mark = {
  ...{ orderId: null, service: 'pricing', name: 'GET /prices', faultId: 'f1', kind: 'http-errors' },
  ...{ startMs: at(5), endMs: at(6) },
};
const snapshot: Attributions = { traces: [trace], marks: [mark], known: { runs: [run], sinceMs: 0 } };
const withRun = (patch: Partial<FaultRun>): Attributions => ({
  ...snapshot,
  known: { runs: [{ ...run, ...patch }], sinceMs: 0 },
});
const withMark = (patch: Partial<Mark>): Attributions => ({ ...snapshot, marks: [{ ...mark, ...patch }] });
const withTrace = (patch: Partial<typeof trace>): Attributions => ({ ...snapshot, traces: [{ ...trace, ...patch }] });

describe('OBS2', () => {
  test.each<[string, Attributions]>(
    [
      ['an error that a fault has caused', snapshot],
      ['an organic error', withTrace({ injectedCount: 0, faults: [] })],
      ['a mark of a failpoint by its own name', withMark({ kind: 'failpoint outbox.after_ack' })],
      ['a message that waited until the fault was over', withMark({ startMs: at(60), endMs: at(61) })],
      ['a fault that the engine may have forgotten', { ...snapshot, known: { runs: [], sinceMs: at(100) } }],
      ['a fault whose hits died with its process', withRun({ hits: 0, endedBy: 'injector-gone' })],
      ['a fault whose hits nobody can count', withRun({ hits: 0, fault: 'connection-refused' })],
      ['a fault of a proxy that counts nothing', withRun({ hits: 0, uncounted: true })],
      ['a fault that is on, whose hits come later', withRun({ hits: 0, endedAt: null, endedBy: null, state: 'armed' })],
    ].map(([what, given]) => [what, fitting(given as Attributions)] as [string, Attributions]),
  )('is valid with %s', (_, given) => {
    const { violations, evidence } = obs2.check(given);
    expect(violations).toEqual([]);
    expect(Object.values(evidence)[0]).toBeGreaterThan(0);
  });

  test.each<[string, Attributions, string]>([
    ['a mark of a fault that never was', { ...snapshot, known: { runs: [], sinceMs: 0 } }, 'does not know'],
    ['a mark of another kind', withMark({ kind: 'latency' }), 'which is a http-errors'],
    ['a mark from before the fault', withMark({ startMs: at(-5), endMs: at(-3) }), 'armed only 3000 ms after it'],
    ['a mark long after the fault', withMark({ startMs: at(1_200), endMs: at(1_201) }), 'over for 20 minutes'],
    ['a mark of a fault that hit nothing', withRun({ hits: 0 }), 'has hit nothing'],
  ])('names the fault: %s', (_, given, problem) => {
    expect(obs2.check(given).violations).toEqual([
      expect.objectContaining({ subject: 'f1', problem: expect.stringContaining(problem) }),
    ]);
  });

  test.each<[string, Attributions, string]>([
    ['injected errors in a trace that no fault has touched', withTrace({ faults: [] }), 'no fault has touched it'],
    ['more injected errors than errors', withTrace({ injectedCount: 3 }), '3 injected errors among 2'],
  ])('names the trace: %s', (_, given, problem) => {
    expect(obs2.check(given).violations).toEqual([
      expect.objectContaining({ subject: trace.traceId, problem: expect.stringContaining(problem) }),
    ]);
  });

  test('reads the marks of the spans, and those of failpoints that were armed by hand have no fault', async () => {
    const span = (attributes: Span['attributes']): Span => ({ ...spanned, attributes });
    const marked = { [names.chaosFaultId]: 'f1', [names.chaosFaultKind]: 'http-errors' };
    const spans = [span(marked), span({ [names.chaosFaultKind]: 'failpoint outbox.after_ack' }), span({})];
    const { marks } = await obs2.load(sourcesOf({ spans, runs: [run] }));
    expect(marks).toEqual([mark]);
  });
});

describe('OBS3', () => {
  const moment = { nowMs: at(60), lastStartMs: at(-60), final: false };

  test('a fault that hit and left a mark is as it should be; one that left none is named', async () => {
    const sources = (marked: boolean) => sourcesOf({ spans: [], runs: [run], marked });
    const [seen, unseen] = await Promise.all([obs3.load(sources(true)), obs3.load(sources(false))]);
    expect(obs3.check(seen)).toEqual({ evidence: { faults: 1, hits: 3 }, violations: [] });
    expect(obs3.check(unseen).violations).toEqual([expect.objectContaining({ subject: 'f1' })]);
    expect(obs3.check(unseen).violations[0]?.problem).toContain('has hit 3 times');
  });

  test('without a fault there must be traces, or nothing is claimed', () => {
    expect(obs3.check({ faults: [], traces: 1 })).toEqual({ evidence: { traces: 1, hits: 0 }, violations: [] });
    expect(obs3.check({ faults: [], traces: 0 }).evidence).toEqual({ traces: 0, hits: 0 });
  });

  test('while nobody says when processes were started nothing is claimed', async () => {
    const hits = await obs3.load({ ...sourcesOf({ spans: [], runs: [run] }), lastStartMs: null });
    expect(obs3.check(hits).unknown).toBeDefined();
  });

  test.each<[string, Partial<FaultRun>]>([
    ['has hit nothing', { hits: 0 }],
    ['marks nothing where it happens', { fault: 'latency' }],
    ['is still on', { endedAt: null }],
    ['has ended a moment ago', { endedAt: instant(50) }],
    ['was armed before a process was started', { armedAt: instant(-61) }],
    ['ended so long ago that its spans may be gone', { endedAt: instant(-3_600), armedAt: instant(-3_700) }],
  ])('a fault that %s owes no mark', (_, patch) => {
    expect(isOwed(run, [run], moment)).toBe(true);
    const changed = { ...run, ...patch };
    const lastStartMs = 'armedAt' in patch && 'endedAt' in patch ? at(-4_000) : moment.lastStartMs;
    expect(isOwed(changed, [changed], { ...moment, lastStartMs })).toBe(false);
  });

  test('a fault that another overlapped owes none: a span has one mark', () => {
    const other = { ...run, id: 'f2' };
    expect(isOwed(run, [run, { ...other, armedAt: instant(9), endedAt: instant(20) }], moment)).toBe(false);
    expect(isOwed(run, [run, { ...other, armedAt: instant(11), endedAt: instant(20) }], moment)).toBe(true);
  });

  test('the final audit waits for spans that are on their way', async () => {
    const answers = [[summary], [], [summary]];
    const search = async () => answers.shift() ?? [];
    const sources = { ...sourcesOf({ spans: [], runs: [run] }), final: true, nowMs: at(11) };
    const { faults } = await obs3.load({ ...sources, traces: { ...sources.traces, search } });
    expect(faults).toEqual([expect.objectContaining({ id: 'f1', marked: 1 })]);
    expect(answers).toEqual([]);
  });
});

const spanned: Span = {
  ...{
    traceId: trace.traceId,
    spanId: 'b'.repeat(16),
    parentSpanId: null,
    name: mark.name,
    kind: 'server',
    service: mark.service,
  },
  ...{ startUnixNano: `${BigInt(mark.startMs) * 1_000_000n}`, durationNano: 1e9, status: 'error', statusMessage: null },
  ...{ scope: '', attributes: {}, resource: {}, events: [], links: [] },
};

const summary: TraceSummary = {
  ...trace,
  ...{ rootName: 'r', rootService: 's', rootMissing: false, startUnixNano: '0', durationNano: 1, spanCount: 1 },
  ...{ services: [], lastArrivalMs: 0 },
};

/** `marked`: a search for the mark of a fault finds a trace. */
function sourcesOf({ spans, runs, marked = true }: { spans: Span[]; runs: FaultRun[]; marked?: boolean }): Sources {
  return {
    traces: {
      spans: async () => spans,
      search: async (conditions: { op: string }[]) => (conditions[0]?.op === 'eq' && !marked ? [] : [summary]),
      placesOf: async () => [],
    },
    faults: { known: async () => ({ runs, sinceMs: 0 }) },
    nowMs: at(60),
    lastStartMs: at(-60),
    final: false,
  } as unknown as Sources;
}

/** The mark names the kind that its fault has. */
function fitting(given: Attributions): Attributions {
  const [known] = given.known.runs;
  if (known === undefined || known.fault === run.fault) return given;
  return { ...given, marks: given.marks.map((one) => ({ ...one, kind: known.fault })) };
}
