import { expect, test } from 'vitest';
import type { Principal } from './auth.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

const principal = (token: string): Principal => ({
  subject: 'u',
  roles: ['shopper'],
  scopes: [],
  clientId: 'c',
  token,
});

test('a verified token is known for half a minute, and not beyond its expiry', () => {
  let nowMs = 0;
  const tokens = createVerifiedTokens(() => nowMs);
  tokens.add(principal('long'), 300_000);
  tokens.add(principal('short'), 5_000);
  expect(tokens.find('long')?.token).toBe('long');
  expect(tokens.find('longer')).toBeUndefined();
  nowMs = 5_000;
  expect(tokens.find('short')).toBeUndefined();
  nowMs = 29_999;
  expect(tokens.find('long')).toBeDefined();
  nowMs = 30_000;
  expect(tokens.find('long')).toBeUndefined();
});

test('knows a thousand tokens at most, and forgets the oldest first', () => {
  const tokens = createVerifiedTokens(() => 0);
  for (let i = 0; i <= 1_000; i++) tokens.add(principal(`t${i}`), 60_000);
  expect(tokens.find('t0')).toBeUndefined();
  expect(tokens.find('t1')).toBeDefined();
  expect(tokens.find('t1000')).toBeDefined();
});
