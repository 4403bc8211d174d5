'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { nanoToMs } from '#components/format/time.ts';
import { SeverityWord } from '#components/logs/severity.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import { useTRPC } from '../../_client/trpc.ts';

/** What was logged within a span, oldest first. */
export function SpanLogs({ traceId, spanId }: { traceId: string; spanId: string }) {
  const trpc = useTRPC();
  const logs = useQuery(trpc.traces.logs.queryOptions({ traceId, spanId }));
  if (logs.isPending) return <Skeleton className="h-6" />;
  if (!logs.data) {
    return (
      <ErrorState
        className="py-4"
        title="Log lines cannot be read"
        detail={logs.error.message}
        onRetry={() => void logs.refetch()}
      />
    );
  }
  if (logs.data.logs.length === 0) return <p className="text-sm text-tertiary">It logged nothing.</p>;
  return (
    <ol className="flex flex-col gap-1 text-sm">
      {logs.data.logs.map((line) => (
        <li key={line.id} className="grid grid-cols-[auto_auto_minmax(0,1fr)] items-baseline gap-2">
          <LocalTime atMs={nanoToMs(line.timeUnixNano)} className="text-tertiary" />
          <SeverityWord severity={line.severity} />
          <Link href={`/logs?q=traceId:${traceId}&range=all&log=${line.id}`} className="break-words hover:underline">
            {line.body}
          </Link>
        </li>
      ))}
    </ol>
  );
}
