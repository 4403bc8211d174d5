'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Colours } from '#components/traces/service-chips.tsx';
import { useTRPC } from '../_client/trpc.ts';

/** Colour index of every process, from the topology. */
export function useColours(): Colours {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  return useMemo(() => new Map((data?.processes ?? []).map(({ name, colour }) => [name, colour])), [data]);
}
