'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTRPC } from '../_client/trpc.ts';

const forever = { staleTime: Number.POSITIVE_INFINITY };

/** Names of customers by id; empty until they are known. */
export function useCustomers() {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalogue.customers.queryOptions(undefined, forever));
  return useMemo(
    () => ({ customers: data ?? [], names: new Map((data ?? []).map(({ id, name }) => [id, name])) }),
    [data],
  );
}

/** Colour of each process. */
export function useColours(): ReadonlyMap<string, number | null> {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.processes.topology.queryOptions(undefined, forever));
  return useMemo(() => new Map((data?.processes ?? []).map(({ name, colour }) => [name, colour])), [data]);
}
