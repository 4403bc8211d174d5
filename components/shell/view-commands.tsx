'use client';

import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ViewAction } from './commands.ts';

type Handler = () => void;

export type ViewCommands = {
  add: (action: ViewAction, handler: Handler) => () => void;
  /** Runs the handler that was added last; false when nobody offers the action. */
  run: (action: ViewAction) => boolean;
  subscribe: (listener: () => void) => () => void;
  /** Actions that somebody offers now, as one stable string for React: `filter next`. */
  offered: () => string;
};

/** What the open page can do: its list, its filter, its stream. */
export function createViewCommands(): ViewCommands {
  const stacks = new Map<ViewAction, Handler[]>();
  const listeners = new Set<Handler>();
  let offered = '';
  const update = () => {
    offered = [...stacks]
      .filter(([, stack]) => stack.length > 0)
      .map(([action]) => action)
      .sort()
      .join(' ');
    for (const listener of listeners) listener();
  };
  return {
    add(action, handler) {
      stacks.set(action, [...(stacks.get(action) ?? []), handler]);
      update();
      return () => {
        stacks.set(
          action,
          (stacks.get(action) ?? []).filter((one) => one !== handler),
        );
        update();
      };
    },
    run(action) {
      const handler = stacks.get(action)?.at(-1);
      handler?.();
      return handler !== undefined;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    offered: () => offered,
  };
}

const ViewCommandsContext = createContext<ViewCommands | null>(null);

export function ViewCommandsProvider({ children }: { children: ReactNode }) {
  const [viewCommands] = useState(createViewCommands);
  return <ViewCommandsContext value={viewCommands}>{children}</ViewCommandsContext>;
}

export function useViewCommands(): ViewCommands {
  const viewCommands = useContext(ViewCommandsContext);
  if (!viewCommands) throw new Error('useViewCommands needs a ViewCommandsProvider above it');
  return viewCommands;
}

export function useOfferedActions(): ReadonlySet<string> {
  const viewCommands = useViewCommands();
  return new Set(useSyncExternalStore(viewCommands.subscribe, viewCommands.offered, () => '').split(' '));
}

/** While mounted, `action` (its key, its palette entry) runs `handler`. Pass null to offer nothing for now. */
export function useViewCommand(action: ViewAction, handler: Handler | null): void {
  const viewCommands = useViewCommands();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  const offered = handler !== null;
  useEffect(() => {
    if (!offered) return;
    return viewCommands.add(action, () => latest.current?.());
  }, [viewCommands, action, offered]);
}
