import type { Metadata } from 'next';
import { Prefetch } from './api/_server/prefetch.tsx';
import { Overview } from './client.tsx';

export const metadata: Metadata = { title: { absolute: 'Overview · Orrery' } };

export default function OverviewPage() {
  return (
    <Prefetch
      queries={(trpc) => [
        trpc.processes.topology.queryOptions(),
        trpc.overview.red.queryOptions(),
        trpc.overview.latestOrders.queryOptions(),
        trpc.audit.board.queryOptions(),
      ]}
    >
      <Overview />
    </Prefetch>
  );
}
