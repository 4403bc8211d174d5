'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect } from 'react';
import { usePageVisible } from '#components/hooks/use-page-visible.ts';
import { type StreamState, useLiveSummary, useReportStream } from '#components/live/live-status.tsx';
import { isTransient } from './query-client.ts';
import { checkSession } from './session.ts';

const retryMs = 2000;

type SubscriptionOptions<Output, Failure> = Parameters<typeof useSubscription<Output, Failure>>[0];

/**
 * A subscription that the shell knows of: `.` pauses it, a drop shows the thin bar, and a tab in the background lets go
 * of its connection (a browser has six per origin over HTTP/1.1, for all tabs together). Build the options with
 * `trpc.x.stream.subscriptionOptions(input, { onData })`, and put what arrives into the query cache.
 * `quiet` is for what stands around every page: it neither makes a page look live nor pauses with it.
 */
export function useLive<Output, Failure>(options: SubscriptionOptions<Output, Failure>, { quiet = false } = {}) {
  const visible = usePageVisible();
  const { paused } = useLiveSummary();
  const enabled = options.enabled !== false && visible && (quiet || !paused);
  const subscription = useSubscription<Output, Failure>({ ...options, enabled });
  // A refusal (unknown id, bad filter) is the view's to show; there is nothing to reconnect to.
  const refused = subscription.status === 'error' && !isTransient(subscription.error);
  const state: StreamState =
    !enabled || refused
      ? 'idle'
      : subscription.status === 'pending'
        ? 'live'
        : subscription.status === 'error' || subscription.error
          ? 'reconnecting'
          : 'connecting';
  useReportStream(quiet ? null : state);
  const { status, reset } = subscription;
  useEffect(() => {
    if (status !== 'error' || !enabled || refused) return;
    // An answer that is no stream (401 after a new launch, 503 while starting) ends the subscription for good.
    const timer = setTimeout(() => void checkSession().then(reset), retryMs);
    return () => clearTimeout(timer);
  }, [status, reset, enabled, refused]);
  return { ...subscription, state };
}
