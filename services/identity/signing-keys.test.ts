import { expect, test } from 'vitest';
import { generateSigningKey, rotate, type StoredKey } from './signing-keys.ts';

const start = Date.parse('2026-11-22T10:00:00.000Z');
const overlapMs = 600_000;

async function keysAt(at: number): Promise<StoredKey[]> {
  return [await generateSigningKey('active', new Date(at)), await generateSigningKey('standby', new Date(at))];
}

test('signs with the key that was standby and keeps the old one published for the life of a token', async () => {
  const keys = await keysAt(start);
  const at = new Date(start + 1000);
  const rotated = rotate(keys, await generateSigningKey('standby', at), at, overlapMs);
  expect(rotated.map((key) => key.state)).toEqual(['active', 'standby', 'retiring']);
  expect(rotated[0]?.kid).toBe(keys[1]?.kid);
  expect(rotated[2]?.kid).toBe(keys[0]?.kid);
  expect(rotated[2]?.retiresAt).toEqual(new Date(start + 1000 + overlapMs));
});

test('drops a key once no token signed by it can be valid', async () => {
  let keys = await keysAt(start);
  for (const minutes of [1, 5, 30]) {
    const at = new Date(start + minutes * 60_000);
    keys = rotate(keys, await generateSigningKey('standby', at), at, overlapMs);
  }
  expect(keys).toHaveLength(3);
  expect(keys.filter((key) => key.state === 'active')).toHaveLength(1);
  expect(keys.filter((key) => key.state === 'standby')).toHaveLength(1);
});
