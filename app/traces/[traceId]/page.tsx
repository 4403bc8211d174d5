import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Prefetch } from '../../api/_server/prefetch.tsx';
import { TracePage } from './client.tsx';

export const metadata: Metadata = { title: 'Trace' };

export default async function Page({ params }: { params: Promise<{ traceId: string }> }) {
  const traceId = (await params).traceId.toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(traceId) || /^0+$/.test(traceId)) notFound();
  return (
    <Prefetch queries={(trpc) => [trpc.traces.get.queryOptions({ traceId }), trpc.processes.topology.queryOptions()]}>
      <TracePage traceId={traceId} />
    </Prefetch>
  );
}
