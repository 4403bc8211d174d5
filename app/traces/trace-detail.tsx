'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { MiniWaterfall } from '#components/traces/mini-waterfall.tsx';
import type { Colours } from '#components/traces/service-chips.tsx';
import { TraceFacts } from '#components/traces/trace-facts.tsx';
import { buildTree } from '#components/traces/trace-tree.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useTRPC } from '../_client/trpc.ts';

/** One trace beside the list, read again when the list hears that it has grown. */
export function TraceDetail(props: { traceId: string; grownAtMs: number | null; colours: Colours }) {
  const { traceId, grownAtMs, colours } = props;
  const trpc = useTRPC();
  const trace = useQuery(trpc.traces.get.queryOptions({ traceId }));
  const { refetch } = trace;
  const knownMs = trace.data?.summary.lastArrivalMs ?? null;
  useEffect(() => {
    if (grownAtMs !== null && knownMs !== null && grownAtMs > knownMs) void refetch({ cancelRefetch: false });
  }, [grownAtMs, knownMs, refetch]);
  const tree = useMemo(() => (trace.data ? buildTree(trace.data.spans) : null), [trace.data]);
  if (trace.isPending) return <SkeletonRows rows={12} label="Loading trace" />;
  if (trace.data === null) return <EmptyState title="No span of this trace is kept any more" />;
  if (!trace.data || !tree) {
    return (
      <ErrorState title="The trace cannot be read" detail={trace.error?.message} onRetry={() => void trace.refetch()} />
    );
  }
  return (
    <div className="flex flex-col gap-4 p-4">
      <TraceFacts summary={trace.data.summary} tree={tree} />
      <MiniWaterfall tree={tree} colours={colours} hrefOf={(spanId) => `/traces/${traceId}?span=${spanId}`} />
    </div>
  );
}
