'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';

/** The board and the newest final audit, read once, then pushed. `down`: why the auditor says nothing now. */
export function useProof() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const board = useQuery(trpc.audit.board.queryOptions());
  const final = useQuery(trpc.audit.final.queryOptions());
  const [down, setDown] = useState<string | null>(null);
  useLive(
    trpc.audit.stream.subscriptionOptions(undefined, {
      onData: ({ data: batch }) => {
        for (const change of batch) {
          switch (change.kind) {
            case 'board':
              queryClient.setQueryData(trpc.audit.board.queryKey(), change.board);
              break;
            case 'final':
              queryClient.setQueryData(trpc.audit.final.queryKey(), change.final);
              break;
            case 'source':
              setDown(change.down);
              break;
            default:
              change satisfies never;
          }
        }
      },
    }),
  );
  return { board, final, down };
}
