'use client';

import { useMutation } from '@tanstack/react-query';
import { useCallback } from 'react';
import { actionTitle } from '#components/shell/commands.ts';
import { useToast } from '#components/ui/toast.tsx';
import type { ProcessAction } from '#contracts/sandbox/control.ts';
import { useTRPC } from './trpc.ts';

/** Starts, stops, restarts, kills, pauses or resumes a process; the result arrives by the stream, a refusal as toast. */
export function useProcessAction(): (name: string, action: ProcessAction) => void {
  const trpc = useTRPC();
  const toast = useToast();
  const { mutate } = useMutation(
    trpc.processes.act.mutationOptions({
      onSuccess: (_, { name, action }) =>
        toast({ tone: 'info', title: `${actionTitle(action)} ${name}`, detail: 'Accepted by the supervisor.' }),
      onError: (error, { name, action }) =>
        toast({ tone: 'error', title: `${actionTitle(action)} ${name} failed`, detail: error.message }),
    }),
  );
  return useCallback((name, action) => mutate({ name, action }), [mutate]);
}
