'use client';

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';
import type { sagasInput } from './search-params.ts';

/** Numbers and open sagas of a filter, kept up to date by push; `down` says why they are not, when they are not. */
export function useSagas(input: ReturnType<typeof sagasInput>) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const view = useQuery(trpc.sagas.view.queryOptions(input, { placeholderData: keepPreviousData }));
  const [down, setDown] = useState<string | null>(null);
  useLive(
    trpc.sagas.stream.subscriptionOptions(input, {
      onData: ({ data: batch }) => {
        for (const update of batch) {
          if (update.kind === 'source') {
            setDown(update.down);
            continue;
          }
          setDown(null);
          queryClient.setQueryData(trpc.sagas.view.queryKey(input), { stats: update.stats, open: update.open });
        }
      },
    }),
  );
  return { view, down };
}
