import { describe, expect, test } from 'vitest';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { running } from '../chaos/testing/world.ts';
import { measure, type Reading } from './measure.ts';
import { detectMs, recoverMs, signsOf } from './signs.ts';

const patterns = (
  pattern: 'circuit-breaker' | 'outbox' | 'inbox' | 'dead-letter',
  facts: Record<string, number | string>[],
): ServicePatterns[] => [
  {
    service: 'orders',
    reason: null,
    patterns: [
      {
        pattern,
        description: '',
        enabled: true,
        offSince: null,
        switchable: false,
        threatens: [],
        parts: facts.map((one, index) => ({ name: `part-${index}`, facts: one })),
      },
    ],
  },
];
const calm = { processes: [running('orders')], patterns: [], load: null, loadBefore: null, usualP95Ms: null };

describe('a sign', () => {
  test('is a process that does not run, an open breaker, an outbox that waits', () => {
    expect(signsOf(calm)).toEqual([]);
    expect(signsOf({ ...calm, processes: [{ ...running('orders'), state: 'backoff' }] })).toEqual(['orders is down']);
    expect(signsOf({ ...calm, patterns: patterns('circuit-breaker', [{ state: 'open' }]) })).toEqual([
      'the breaker of orders for part-0 is open',
    ]);
    expect(signsOf({ ...calm, patterns: patterns('dead-letter', [{ keys: 0 }]) })).toEqual([]);
    expect(signsOf({ ...calm, patterns: patterns('dead-letter', [{ keys: 2 }]) })).toEqual([
      'orders has set messages aside',
    ]);
    expect(signsOf({ ...calm, patterns: patterns('outbox', [{ ageMs: 1_999 }]) })).toEqual([]);
    expect(signsOf({ ...calm, patterns: patterns('outbox', [{ ageMs: 5_000 }]) })).toEqual([
      'the outbox of orders waits',
    ]);
  });

  test('before the fault is not taken for one of it, and calm counts from its end', () => {
    const seen = [
      { atMs: 100, signs: ['old'] },
      { atMs: 200, signs: [] },
      { atMs: 450, signs: ['orders is down'] },
      { atMs: 900, signs: ['orders is down'] },
      { atMs: 1_300, signs: [] },
    ];
    expect(detectMs(seen, 200, 10_000)).toBe(250);
    expect(detectMs(seen, 1_000, 10_000)).toBeNull();
    expect(recoverMs(seen, 700)).toBe(600);
    expect(recoverMs(seen, 2_000)).toBeNull();
  });
});

describe('a figure', () => {
  const reading = (given: Partial<Reading>): Reading => ({
    processes: [],
    patterns: [],
    load: null,
    board: null,
    ...given,
  });
  const probe = {
    type: 'pattern',
    service: 'orders',
    pattern: 'inbox',
    part: null,
    fact: 'handled',
    change: false,
  } as const;

  test('of a pattern is the sum of its parts, or that of one', () => {
    const now = reading({ patterns: patterns('inbox', [{ handled: 3 }, { handled: 4 }]) });
    expect(measure(probe, now, now)).toBe(7);
    expect(measure({ ...probe, part: 'part-1' }, now, now)).toBe(4);
  });

  test('that is a change begins again at 0 with its process', () => {
    const [before, now] = [10, 4].map((handled) => reading({ patterns: patterns('inbox', [{ handled }]) }));
    if (!before || !now) throw new Error('no reading');
    expect(measure({ ...probe, change: true }, before, now)).toBe(6);
    expect(measure({ ...probe, change: true }, now, before)).toBe(4);
  });

  test('that is not there is an error with what there is', () => {
    const now = reading({ patterns: patterns('inbox', [{ handled: 3 }]) });
    expect(() => measure({ ...probe, fact: 'eaten' }, now, now)).toThrow(
      /no inbox fact "eaten"; it has part-0 \(handled\)/,
    );
    expect(() => measure({ ...probe, service: 'nobody' }, now, now)).toThrow(/nobody tells of no patterns/);
  });
});
