'use client';

import { useState } from 'react';
import type { SwitchedOff } from '#contracts/sandbox/control-channel.ts';
import { useTRPC } from './trpc.ts';
import { useLive } from './use-live.ts';

/** Patterns that are switched off, anywhere: the mark that every page carries. */
export function useSwitchedOff(): readonly SwitchedOff[] {
  const trpc = useTRPC();
  const [off, setOff] = useState<readonly SwitchedOff[]>([]);
  useLive(trpc.patterns.off.subscriptionOptions(undefined, { onData: ({ data }) => setOff(data) }), { quiet: true });
  return off;
}
