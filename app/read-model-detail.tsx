'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ReadModelSection } from '#components/processes/read-model.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useToast } from '#components/ui/toast.tsx';
import { useTRPC } from './_client/trpc.ts';
import { useLive } from './_client/use-live.ts';

/** The read model of history, pushed while it is looked at. */
export function ReadModelDetail() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const key = trpc.history.readModel.queryKey();
  const model = useQuery(trpc.history.readModel.queryOptions());
  const live = useLive(
    trpc.history.stream.subscriptionOptions({}, { onData: ({ data }) => queryClient.setQueryData(key, data) }),
  );
  const rebuild = useMutation(
    trpc.history.rebuild.mutationOptions({
      onSuccess: (begun) => queryClient.setQueryData(key, (before) => before && { ...before, rebuild: begun }),
      onError: (error) => toast({ tone: 'error', title: 'The rebuild was not started', detail: error.message }),
    }),
  );
  if (model.isPending) return <Skeleton className="h-14" />;
  if (!model.data) {
    return (
      <ErrorState
        title="The read model cannot be read"
        detail={model.error.message}
        onRetry={() => void model.refetch()}
      />
    );
  }
  return (
    <ReadModelSection
      model={model.data}
      down={live.state === 'reconnecting' ? 'history does not answer' : null}
      busy={rebuild.isPending}
      onRebuild={() => rebuild.mutate()}
    />
  );
}
