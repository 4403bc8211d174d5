'use client';

import type { RefObject } from 'react';
import { nextIndex } from './keyboard.ts';
import { useViewCommand } from './view-commands.tsx';

/**
 * j and k move the focus among the `[data-list-item]` elements (links or buttons, so that Enter opens) inside
 * `container`. For virtual lists, register `useViewCommand('next', …)` and `('previous', …)` instead.
 */
export function useListKeys(container: RefObject<HTMLElement | null>): void {
  const move = (by: 1 | -1) => {
    const items = [...(container.current?.querySelectorAll<HTMLElement>('[data-list-item]') ?? [])];
    const current = items.findIndex((item) => item === document.activeElement || item.contains(document.activeElement));
    items[nextIndex(current, by, items.length)]?.focus();
  };
  useViewCommand('next', () => move(1));
  useViewCommand('previous', () => move(-1));
}
