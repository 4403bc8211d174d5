'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { layoutMap } from '#components/map/layout.ts';
import { buildMap } from '#components/map/map-model.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';
import { redInput } from './red-input.ts';

/** Topology, process states and traffic, read once, then pushed. `down` names the sources that are missing, and why. */
export function useMap() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const topology = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const processes = useQuery(trpc.processes.list.queryOptions());
  const red = useQuery(trpc.red.now.queryOptions(redInput));
  const [down, setDown] = useState<ReadonlyMap<string, string>>(new Map());
  useLive(
    trpc.map.stream.subscriptionOptions(undefined, {
      onData: ({ data: batch }) => {
        for (const update of batch) {
          switch (update.kind) {
            case 'process':
              queryClient.setQueryData(trpc.processes.list.queryKey(), (before) =>
                before?.map((one) => (one.name === update.process.name ? update.process : one)),
              );
              break;
            case 'red':
              queryClient.setQueryData(trpc.red.now.queryKey(redInput), update.red);
              break;
            case 'source':
              setDown((before) => {
                const after = new Map(before);
                if (update.down === null) after.delete(update.source);
                else after.set(update.source, update.down);
                return after;
              });
              break;
            default:
              update satisfies never;
          }
        }
      },
    }),
  );
  const map = useMemo(
    () => (topology.data ? buildMap(topology.data, processes.data ?? [], red.data ?? null) : null),
    [topology.data, processes.data, red.data],
  );
  // Only what exists decides where it stands: figures change every second and move nothing.
  const shape = map ? [...map.nodes.map(({ id }) => id), ...map.edges.map(({ id }) => id)].join('\n') : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` is all of the map that the layout depends on
  const layout = useMemo(() => (map ? layoutMap(map) : null), [shape]);
  const notes = new Map(down);
  if (red.isError && !red.data) notes.set('telemetry', red.error.message);
  if (processes.isError && !processes.data) notes.set('supervisor', processes.error.message);
  return { topology, processes, red, map, layout, down: notes };
}
