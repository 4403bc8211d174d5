import { expect, test } from 'vitest';
import { ProcessState } from '#contracts/sandbox/control.ts';
import { actionsFor, commands, idCommands } from './commands.ts';

test('no two commands share an id or keys', () => {
  const ids = commands.map(({ id }) => id);
  const keys = commands.flatMap(({ keys }) => (keys ? [keys.join(' ')] : []));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(keys).size).toBe(keys.length);
});

test('no single key is the prefix of a sequence', () => {
  const singles = commands.flatMap(({ keys }) => (keys?.length === 1 ? [keys[0]] : []));
  const prefixes = commands.flatMap(({ keys }) => (keys && keys.length > 1 && keys[0] !== 'mod' ? [keys[0]] : []));
  expect(singles.filter((key) => prefixes.includes(key))).toEqual([]);
});

test('nothing that changes a process has a key of its own', () => {
  expect(commands.filter(({ kind, keys }) => kind === 'process' && keys)).toEqual([]);
});

test('every state of a process offers a way on', () => {
  for (const state of ProcessState.options)
    expect(actionsFor({ name: 'orders', state }).length, state).toBeGreaterThan(0);
});

test('a pasted id opens what it names', () => {
  expect(idCommands(' 0AF7651916CD43DD8448EB211C80319C ')[0]).toMatchObject({
    href: '/traces/0af7651916cd43dd8448eb211c80319c',
  });
  expect(idCommands('0199f0a2-1c3d-7e4f-8a5b-6c7d8e9f0a1b')[0]).toMatchObject({
    href: '/orders/0199f0a2-1c3d-7e4f-8a5b-6c7d8e9f0a1b',
  });
  expect(idCommands('0'.repeat(32))).toEqual([]);
  expect(idCommands('lamp')).toEqual([]);
});
