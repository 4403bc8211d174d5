import { expect, test } from 'vitest';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { createDuplicateCount } from './duplicates.ts';

const inbox = (service: string, duplicatesAbsorbed: number): ServicePatterns => ({
  service,
  reason: null,
  patterns: [
    {
      pattern: 'inbox',
      description: '',
      enabled: true,
      offSince: null,
      switchable: true,
      threatens: [],
      parts: [{ name: service, facts: { handled: 1, duplicatesAbsorbed } }],
    },
  ],
});

test('counts over all inboxes from the first look on, also when a process begins again', () => {
  const count = createDuplicateCount();
  expect(count([inbox('workers', 7), inbox('billing', 2)])).toBe(0);
  expect(count([inbox('workers', 9), inbox('billing', 3)])).toBe(3);
  expect(count([{ service: 'workers', patterns: null, reason: 'down' }, inbox('billing', 3)])).toBe(3);
  expect(count([inbox('workers', 1), inbox('billing', 3)])).toBe(4);
});
