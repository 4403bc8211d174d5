'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { BurstForm } from '#components/orders/burst-form.tsx';
import { BurstProgress, phaseText } from '#components/orders/burst-progress.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useToast } from '#components/ui/toast.tsx';
import { useTRPC } from '../../_client/trpc.ts';
import { useLive } from '../../_client/use-live.ts';

/** Many orders at a rate. They are placed by the console's server, so leaving the page does not stop them. */
export function BurstView() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const key = trpc.orders.bursts.current.queryKey();
  const current = useQuery(trpc.orders.bursts.current.queryOptions());
  useLive(
    trpc.orders.bursts.stream.subscriptionOptions({}, { onData: ({ data }) => queryClient.setQueryData(key, data) }),
  );
  const start = useMutation(
    trpc.orders.bursts.start.mutationOptions({
      onSuccess: (burst) => queryClient.setQueryData(key, (before) => (before?.id === burst.id ? before : burst)),
      onError: (error) => toast({ tone: 'error', title: 'The burst was not started', detail: error.message }),
    }),
  );
  const cancel = useMutation(
    trpc.orders.bursts.cancel.mutationOptions({
      onError: (error) => toast({ tone: 'error', title: 'The burst was not stopped', detail: error.message }),
    }),
  );
  const burst = current.data ?? null;
  const running = burst !== null && (burst.phase === 'placing' || burst.phase === 'settling');
  return (
    <div className="grid min-h-0 flex-1 auto-rows-max gap-4 overflow-y-auto p-4 max-md:gap-2 max-md:p-2 lg:grid-cols-[420px_minmax(0,1fr)]">
      <Panel title="Burst" note="placed by the console's server">
        <BurstForm busy={running || start.isPending} onStart={(plan) => start.mutate(plan)} />
      </Panel>
      <Panel
        title="Progress"
        note={burst ? <span role="status">{phaseText(burst)}</span> : null}
        className="self-start"
        actions={
          <>
            {running ? (
              <Button size="sm" onClick={() => cancel.mutate({ id: burst.id })}>
                Stop
              </Button>
            ) : null}
            <Button asChild variant="ghost" size="sm">
              <Link href="/orders">Watch the list</Link>
            </Button>
          </>
        }
      >
        {current.isPending ? (
          <SkeletonRows rows={3} label="Loading the last burst" />
        ) : current.isError && !current.data ? (
          <ErrorState
            title="The last burst cannot be read"
            detail={current.error.message}
            onRetry={() => void current.refetch()}
          />
        ) : burst === null ? (
          <EmptyState title="No burst yet" command="npm run orrery -- order --count 50 --rate 10 --wait">
            Start one here, or from a terminal.
          </EmptyState>
        ) : (
          <BurstProgress burst={burst} />
        )}
      </Panel>
    </div>
  );
}
