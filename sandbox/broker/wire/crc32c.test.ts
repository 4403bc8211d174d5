import { expect, test } from 'vitest';
import { crc32c } from './crc32c.ts';

test('matches the published check values', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa); // RFC 3720 B.4
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  expect(crc32c(Buffer.alloc(0))).toBe(0);
});

test('a part of a buffer is summed as if it stood alone', () => {
  const bytes = Buffer.from('xx123456789yy');
  expect(crc32c(bytes, 2, 11)).toBe(0xe3069283);
});
