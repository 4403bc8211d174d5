'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { type LogWindow, withArrived, withOlder } from '#components/logs/log-window.ts';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';
import type { LogView } from './search-params.ts';

/** Rows kept while the end is followed; whoever reads further up keeps more. */
const mostFollowing = 5000;
const mostReading = 20_000;

/**
 * The window of the log for a view: its newest page, what arrives, and older pages on demand. One cache entry. `view`
 * is the same object while it says the same.
 */
export function useLogWindow(view: LogView) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const following = useRef(true);
  const queryKey = useMemo(() => trpc.logs.search.queryKey(view), [trpc, view]);
  // A filter that came broken with a link is told by its input; the server need not refuse it as well.
  const enabled = parseFilter(view.q).ok;
  const query = useQuery(trpc.logs.search.queryOptions(view, { staleTime: Number.POSITIVE_INFINITY, enabled }));
  const [down, setDown] = useState<string | null>(null);
  const [older, setOlder] = useState<{ key: unknown; loading: boolean; error: string | null }>(idle(null));

  const patch = useCallback(
    (change: (window: LogWindow) => LogWindow) =>
      queryClient.setQueryData(queryKey, (window) => (window ? change(window) : window)),
    [queryClient, queryKey],
  );
  const arrived = (logs: readonly LogRecord[]) =>
    patch((window) => withArrived(window, logs, following.current ? mostFollowing : mostReading));

  /** What came between the newest row we have and the moment the tail began. */
  const catchUp = async () => {
    const after = queryClient.getQueryData(queryKey)?.logs[0]?.id ?? null;
    const since = trpc.logs.since.queryOptions({ ...view, after }, { staleTime: 0, gcTime: 0, retry: false });
    const missed = await queryClient.fetchQuery(since).catch(() => null);
    if (missed === null) return;
    if (missed.hasMore) await queryClient.invalidateQueries({ queryKey });
    else arrived(missed.logs);
  };

  useLive(
    trpc.logs.tail.subscriptionOptions(
      { view },
      {
        enabled: view.toMs === null && query.isSuccess,
        onData: ({ data: batch }) => {
          for (const update of batch) {
            switch (update.kind) {
              case 'open':
                setDown(null);
                void catchUp();
                break;
              case 'logs':
                arrived(update.logs);
                break;
              case 'source':
                setDown(update.down);
                break;
              default:
                update satisfies never;
            }
          }
        },
      },
    ),
  );

  const oldest = query.data?.logs.at(-1)?.id;
  const loadOlder = useCallback(async () => {
    if (oldest === undefined) return;
    setOlder({ key: queryKey, loading: true, error: null });
    try {
      const page = trpc.logs.search.queryOptions({ ...view, cursor: oldest }, { gcTime: 0 });
      const found = await queryClient.fetchQuery(page);
      patch((window) => withOlder(window, found));
      setOlder(idle(queryKey));
    } catch (error) {
      setOlder({ key: queryKey, loading: false, error: error instanceof Error ? error.message : String(error) });
    }
  }, [queryClient, trpc, view, oldest, queryKey, patch]);

  const mine = older.key === queryKey ? older : idle(queryKey);
  return {
    query,
    mistaken: !enabled,
    down,
    older: { available: query.data?.hasMore ?? false, loading: mine.loading, error: mine.error },
    loadOlder,
    onFollowing: useCallback((now: boolean) => {
      following.current = now;
    }, []),
  };
}

function idle(key: unknown) {
  return { key, loading: false, error: null };
}
