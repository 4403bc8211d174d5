'use client';

import { useCallback, useEffect, useState } from 'react';

/** State remembered in this browser under `orrery.<key>`: panel sizes, switched-off keys. Starts as `initial`, then the stored value. */
export function useStored(key: string, initial: string): [string, (value: string) => void] {
  const [value, setValue] = useState(initial);
  useEffect(() => {
    try {
      const stored = localStorage.getItem(`orrery.${key}`);
      if (stored !== null) setValue(stored);
    } catch {
      // Storage may be forbidden; then nothing is remembered.
    }
  }, [key]);
  const store = useCallback(
    (next: string) => {
      setValue(next);
      try {
        localStorage.setItem(`orrery.${key}`, next);
      } catch {
        // As above.
      }
    },
    [key],
  );
  return [value, store];
}
