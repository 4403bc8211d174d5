import { expect, test } from 'vitest';
import { ago, durationText, uptime } from './duration.ts';
import { bytes, count, percent, perSecond } from './number.ts';
import { clock, nanoToMs, shortId } from './time.ts';

test.each([
  [0.00042, '420 ns'],
  [0.0421, '42.1 µs'],
  [0.42, '0.42 ms'],
  [12.34, '12.3 ms'],
  [241.7, '242 ms'],
  [999.7, '1.00 s'],
  [1239, '1.24 s'],
  [125_000, '2 m 05 s'],
])('%f ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('uptime keeps two units at most', () => {
  expect([4_000, 300_000, 7_500_000, 273_600_000].map(uptime)).toEqual(['4 s', '5 m', '2 h 05 m', '3 d 4 h']);
  expect(ago(900)).toBe('now');
});

test('numbers keep their unit apart', () => {
  expect(bytes(97_900_000)).toEqual({ value: '93.4', unit: 'MiB' });
  expect(bytes(512)).toEqual({ value: '512', unit: 'B' });
  expect(percent(0.0005)).toEqual({ value: '0.05', unit: '%' });
  expect([0, 0.01, 12.44, 1204].map(perSecond)).toEqual(['0', '<0.1', '12.4', '1\u2009204']);
  expect(count(1_234_567)).toBe('1\u2009234\u2009567');
});

test('nanoseconds become milliseconds without losing the microseconds', () => {
  expect(nanoToMs('1763806800123456789')).toBeCloseTo(1763806800123.456, 2);
  expect(clock(new Date(2026, 10, 22, 4, 5, 6, 7).getTime())).toBe('04:05:06.007');
  expect(shortId('0199f0a2-1c3d-7e4f-8a5b-6c7d8e9f0a1b')).toBe('8e9f0a1b');
});
