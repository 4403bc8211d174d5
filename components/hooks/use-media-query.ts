'use client';

import { useCallback, useSyncExternalStore } from 'react';

/** True while the media query matches; false on the server and during hydration. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Below Tailwind's `md`: navigation at the bottom, side panels as sheets. */
export function useSmallScreen(): boolean {
  return useMediaQuery('(max-width: 767px)');
}
