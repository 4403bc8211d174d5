import type { Command } from './commands.ts';

/** What the rules need to know of a key press; built from the DOM event in use-keyboard.ts. */
export type KeyPress = {
  key: string;
  /** ⌘ on Apple, Ctrl elsewhere. */
  mod: boolean;
  alt: boolean;
  /** The focus is in something that takes text. */
  typing: boolean;
  /** A dialog or menu is open. */
  covered: boolean;
};

/** First key of a sequence and when it was pressed. */
export type KeyState = { prefix: string; atMs: number } | null;

export type KeyOutcome = {
  state: KeyState;
  command: Command | null /** The browser should not act on it. */;
  handled: boolean;
};

const sequenceMs = 1200;
const modifiers = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Dead', 'Unidentified']);

/**
 * What a key press means. Keys without a modifier are ignored while typing, under a dialog or menu, and when the reader
 * switched them off (WCAG 2.1.4). `mod` keys always work, so that ⌘K also closes the palette.
 */
export function press(
  state: KeyState,
  input: KeyPress,
  nowMs: number,
  options: { commands: readonly Command[]; singleKeys: boolean },
): KeyOutcome {
  const ignored: KeyOutcome = { state, command: null, handled: false };
  if (modifiers.has(input.key)) return ignored;
  const key = input.key.length === 1 ? input.key.toLowerCase() : input.key;

  if (input.mod) {
    const command = input.alt ? undefined : find(options.commands, ['mod', key]);
    return { state: null, command: command ?? null, handled: command !== undefined };
  }
  if (input.alt || input.typing || input.covered || !options.singleKeys) return { ...ignored, state: null };

  if (state && nowMs - state.atMs <= sequenceMs) {
    const command = find(options.commands, [state.prefix, key]);
    // A wrong second key ends the sequence and does nothing: it was not meant as a command of its own.
    return { state: null, command: command ?? null, handled: command !== undefined };
  }
  const command = find(options.commands, [key]);
  if (command) return { state: null, command, handled: true };
  const opens = options.commands.some(({ keys }) => keys !== undefined && keys.length > 1 && keys[0] === key);
  return { state: opens ? { prefix: key, atMs: nowMs } : null, command: null, handled: false };
}

function find(commands: readonly Command[], keys: readonly string[]): Command | undefined {
  return commands.find(
    (command) => command.keys?.length === keys.length && command.keys.every((key, i) => key === keys[i]),
  );
}

/** Index after moving by `by` in a list of `length`; from nothing (−1) to the first or the last. Stops at the ends. */
export function nextIndex(current: number, by: 1 | -1, length: number): number {
  if (length === 0) return -1;
  if (current < 0) return by === 1 ? 0 : length - 1;
  return Math.min(length - 1, Math.max(0, current + by));
}
