'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { growTrace } from '#components/traces/grow-trace.ts';
import type { Span } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useLive } from '../../_client/use-live.ts';

/** The trace, read once, then every span that arrives. Null data: nothing has arrived yet, and it will show when it does. */
export function useGrowingTrace(traceId: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { queryKey, ...options } = trpc.traces.get.queryOptions({ traceId });
  const trace = useQuery({ ...options, queryKey, staleTime: Number.POSITIVE_INFINITY });
  const [down, setDown] = useState<string | null>(null);
  // Fixed for as long as the stream is open: a number that grew would open it anew.
  const [have, setHave] = useState<{ traceId: string; spans: number } | null>(null);
  const settled = trace.data !== undefined;
  if (settled && have?.traceId !== traceId) setHave({ traceId, spans: trace.data?.spans.length ?? 0 });
  useLive(
    trpc.traces.spans.subscriptionOptions(
      { traceId, have: have?.spans ?? 0 },
      {
        enabled: have?.traceId === traceId,
        onData: ({ data }) => {
          const spans: Span[] = [];
          for (const item of data) {
            if (Array.isArray(item)) spans.push(...item);
            else setDown(item.down);
          }
          const before = queryClient.getQueryData(queryKey) ?? null;
          const after = growTrace(before, spans, Date.now());
          if (after && after !== before) queryClient.setQueryData(queryKey, after);
        },
      },
    ),
  );
  return { trace, down };
}
