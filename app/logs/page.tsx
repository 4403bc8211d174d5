import type { Metadata } from 'next';
import type { SearchParams } from 'nuqs/server';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Logs } from './client.tsx';
import { loadLogParams, viewOf } from './search-params.ts';

export const metadata: Metadata = { title: 'Logs' };

export default async function LogsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await loadLogParams(searchParams);
  return (
    <Prefetch
      queries={(trpc) => [
        trpc.logs.search.queryOptions(viewOf(params)),
        trpc.logs.facets.queryOptions({ field: 'service' }),
        trpc.processes.topology.queryOptions(),
      ]}
    >
      <Logs />
    </Prefetch>
  );
}
