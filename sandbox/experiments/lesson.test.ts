import { expect, test } from 'vitest';
import type { ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { lessonOf } from './lesson.ts';

const status = { description: '', enabled: true, offSince: null, switchable: true, threatens: [], parts: [] };
const all: ServicePatterns[] = [
  {
    service: 'workers',
    reason: null,
    patterns: [
      { ...status, pattern: 'inbox', threatens: ['S6', 'S3'] },
      { ...status, pattern: 'timeout', switchable: false },
      { ...status, pattern: 'retry', enabled: false },
    ],
  },
  { service: 'billing', patterns: null, reason: 'it is down' },
];
const without = { service: 'workers', pattern: 'inbox' } as const;

test('the file says what is to break, else the pattern itself does', () => {
  const lessons = [{ without, breaks: ['L6' as const], teaches: 'two invoices' }];
  expect(lessonOf({ lessons }, without, all)).toEqual({ breaks: ['L6'], teaches: 'two invoices' });
  expect(lessonOf({ lessons: [] }, without, all)).toEqual({ breaks: ['S3', 'S6'], teaches: null });
});

test.each([
  ['nobody', 'inbox', 'there is no service "nobody" with patterns; there are workers, billing'],
  ['workers', 'timeout', 'workers has no pattern "timeout" that can be switched off; it has inbox, retry'],
  ['workers', 'retry', 'retry is off in workers already'],
  ['billing', 'inbox', 'billing does not answer: it is down'],
] as const)('%s without %s is refused: %s', (service, pattern, message) => {
  expect(() => lessonOf({ lessons: [] }, { service, pattern }, all)).toThrow(message);
});
