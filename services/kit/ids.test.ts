import { expect, test } from 'vitest';
import { Uuid } from '#contracts/ids.ts';
import { newId } from './ids.ts';

test('ids are version 7, differ, and sort by time across draws of randomness', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 1_000; i++) ids.push(newId());
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids.slice(0, 5)) expect(Uuid.parse(id)[14]).toBe('7');
  const times = ids.map((id) => id.slice(0, 13));
  expect(times).toEqual([...times].sort());
});
