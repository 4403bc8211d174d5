'use client';

import { useEffect, useRef } from 'react';
import { type Command, commands } from './commands.ts';
import { type KeyPress, type KeyState, press } from './keyboard.ts';

/** Listens on the window and runs the command that a key, or two keys in a row, stand for. */
export function useKeyboard(run: (command: Command) => void, singleKeys: boolean): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    let state: KeyState = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const outcome = press(state, readPress(event), event.timeStamp, { commands, singleKeys });
      state = outcome.state;
      if (outcome.handled) event.preventDefault();
      if (outcome.command) latest.current(outcome.command);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [singleKeys]);
}

const textTypes = new Set([
  'text',
  'search',
  'url',
  'email',
  'tel',
  'password',
  'number',
  'date',
  'time',
  'datetime-local',
]);

function readPress(event: KeyboardEvent): KeyPress {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing =
    target !== null &&
    (target.isContentEditable ||
      target.tagName === 'TEXTAREA' ||
      target.tagName === 'SELECT' ||
      (target instanceof HTMLInputElement && textTypes.has(target.type)) ||
      // A list of suggestions takes keys for itself; a list that is the page's view does not.
      target.closest('[role=listbox]:not([data-view-list])') !== null);
  return {
    key: event.key,
    mod: isApple() ? event.metaKey : event.ctrlKey,
    alt: event.altKey || (isApple() ? event.ctrlKey : event.metaKey),
    typing,
    covered: document.querySelector('[role=dialog],[role=alertdialog],[role=menu]') !== null,
  };
}

/** True on macOS and iOS, where ⌘ is the modifier of commands. */
export function isApple(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent);
}
