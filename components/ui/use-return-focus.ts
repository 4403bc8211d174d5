'use client';

import { useRef } from 'react';

/**
 * Gives the focus back to what had it before a dialog opened. Radix returns it to the dialog's trigger only, and what is
 * opened by a key or from elsewhere has none.
 */
export function useReturnFocus() {
  const opener = useRef<Element | null>(null);
  return {
    /** Call first in `onOpenAutoFocus`, while the focus is still outside. */
    remember: () => {
      opener.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      const element = opener.current;
      if (!(element instanceof HTMLElement) || !element.isConnected || element === document.body) return;
      event.preventDefault();
      element.focus();
    },
  };
}
