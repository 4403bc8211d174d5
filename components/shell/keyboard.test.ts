import { expect, test } from 'vitest';
import { commands } from './commands.ts';
import { type KeyPress, type KeyState, nextIndex, press } from './keyboard.ts';

const plain: Omit<KeyPress, 'key'> = { mod: false, alt: false, typing: false, covered: false };
const options = { commands, singleKeys: true };

function type(keys: string[], gapMs = 100) {
  let state: KeyState = null;
  let last = press(null, { ...plain, key: 'Unidentified' }, 0, options);
  for (const [index, key] of keys.entries()) {
    last = press(state, { ...plain, key }, index * gapMs, options);
    state = last.state;
  }
  return last;
}

test('g then o goes to orders', () => {
  expect(type(['g', 'o']).command?.id).toBe('page.orders');
});

test('a pause of more than 1.2 s ends a sequence', () => {
  expect(type(['g', 'o'], 1300).command).toBeNull();
});

test('a wrong second key does nothing, even where it has a meaning alone', () => {
  expect(type(['g', '?'])).toEqual({ state: null, command: null, handled: false });
});

test('shift between the keys of a sequence keeps it', () => {
  const first = press(null, { ...plain, key: 'g' }, 0, options);
  const shift = press(first.state, { ...plain, key: 'Shift' }, 50, options);
  expect(press(shift.state, { ...plain, key: 'M' }, 100, options).command?.id).toBe('page.map');
});

test('single keys are ignored while typing, under a dialog, with alt, and when switched off', () => {
  expect(press(null, { ...plain, key: 't', typing: true }, 0, options).command).toBeNull();
  expect(press(null, { ...plain, key: 't', covered: true }, 0, options).command).toBeNull();
  expect(press(null, { ...plain, key: 't', alt: true }, 0, options).command).toBeNull();
  expect(press(null, { ...plain, key: 't' }, 0, { commands, singleKeys: false }).command).toBeNull();
  expect(press(null, { ...plain, key: 't' }, 0, options).command?.id).toBe('theme.next');
});

test('mod and k opens the palette from everywhere', () => {
  const anywhere = { ...plain, key: 'k', mod: true, typing: true, covered: true };
  expect(press(null, anywhere, 0, { commands, singleKeys: false })).toMatchObject({
    command: { id: 'shell.palette' },
    handled: true,
  });
});

test('keys of the browser are left alone', () => {
  expect(press(null, { ...plain, key: 't', mod: true }, 0, options)).toEqual({
    state: null,
    command: null,
    handled: false,
  });
});

test('moving in a list starts at an end and stops at the ends', () => {
  expect([
    nextIndex(-1, 1, 3),
    nextIndex(-1, -1, 3),
    nextIndex(2, 1, 3),
    nextIndex(0, -1, 3),
    nextIndex(0, 1, 0),
  ]).toEqual([0, 2, 2, 0, -1]);
});
