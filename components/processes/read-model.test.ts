import { expect, test } from 'vitest';
import type { Rebuild } from '#contracts/http/history.ts';
import { rebuildText } from './read-model.tsx';

const done: Rebuild = {
  phase: 'done',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:02.000Z',
  read: 1200,
  of: 1190,
  unreadable: 0,
  kept: 0,
  restored: 0,
  changedViews: 0,
  swapMs: 12,
  problem: null,
};

test.each([
  [done, 'Rebuilt from 1\u2009200 messages in 2.00 s: no order looks otherwise. Reads waited 12.0 ms.'],
  [
    { ...done, changedViews: 3, restored: 8, kept: 16, unreadable: 1 },
    'Rebuilt from 1\u2009200 messages in 2.00 s: 3 orders look otherwise, 8 lost events are back, 16 events that no topic holds were kept, unreadable messages: 1. Reads waited 12.0 ms.',
  ],
  [{ ...done, phase: 'reading', endedAt: null, read: 400 }, 'Reading the topics: 400 of 1\u2009190 messages'],
  [
    { ...done, phase: 'failed', problem: 'the database does not answer' },
    'Not rebuilt, nothing has changed: the database does not answer',
  ],
] as const)('a rebuild is told with what it found', (rebuild, text) => {
  expect(rebuildText(rebuild)).toBe(text);
});
