'use client';

import { createContext, useContext } from 'react';

export type ShellActions = { openPalette: () => void; openHelp: () => void };

export const ShellContext = createContext<ShellActions>({ openPalette: () => {}, openHelp: () => {} });

export function useShell(): ShellActions {
  return useContext(ShellContext);
}
