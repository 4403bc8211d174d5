'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { usePageVisible } from '#components/hooks/use-page-visible.ts';
import { type StreamState, useLiveSummary, useReportStream } from '#components/live/live-status.tsx';

type SubscriptionOptions<Output, Failure> = Parameters<typeof useSubscription<Output, Failure>>[0];

/**
 * A subscription that the shell knows of: `.` pauses it, a drop shows the thin bar, and a tab in the background lets go
 * of its connection (a browser has six per origin over HTTP/1.1, for all tabs together). Build the options with
 * `trpc.x.stream.subscriptionOptions(input, { onData })`, and put what arrives into the query cache.
 */
export function useLive<Output, Failure>(options: SubscriptionOptions<Output, Failure>) {
  const visible = usePageVisible();
  const { paused } = useLiveSummary();
  const enabled = options.enabled !== false && visible && !paused;
  const subscription = useSubscription<Output, Failure>({ ...options, enabled });
  const state: StreamState = !enabled
    ? 'idle'
    : subscription.status === 'pending'
      ? 'live'
      : subscription.status === 'error' || subscription.error
        ? 'reconnecting'
        : 'connecting';
  useReportStream(state);
  return { ...subscription, state };
}
