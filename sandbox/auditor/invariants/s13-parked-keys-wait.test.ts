import { expect, test } from 'vitest';
import type { ParkedRow } from '../evidence/dossier.ts';
import { sale } from '../testing/dossier.builder.ts';
import { s13 } from './s13-parked-keys-wait.ts';

const at = (minute: number) => `2026-11-22T09:${String(minute).padStart(2, '0')}:00.000Z`;

const parked = (messageId: string, parkedAt: string, releasedAt: string): ParkedRow => ({
  consumer: 'workers',
  position: `orders.events/0/${messageId}`,
  messageId,
  reason: 'failed',
  parkedAt,
  releasedAt,
});

/** Two messages of a key that were parked one after the other, and when each was applied on its replay. */
function replayed(first: number, second: number): string | null {
  const rows = [parked('first', at(1), at(first)), parked('second', at(2), at(second))];
  const inbox = [
    { consumer: 'workers', messageId: 'first', receivedAt: at(first) },
    { consumer: 'workers', messageId: 'second', receivedAt: at(second) },
  ];
  return s13.check({ ...sale(), parked: rows, inbox }).problem;
}

test('a key that is replayed in its order breaks nothing, in another it does', () => {
  expect(replayed(10, 11)).toBeNull();
  expect(replayed(11, 10)).toContain('applied message second');
});
