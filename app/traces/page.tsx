import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Traces } from './client.tsx';
import { tracesParsers } from './search-params.ts';

export const metadata: Metadata = { title: 'Traces' };

const loadSearch = createLoader(tracesParsers);

export default async function TracesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { q, range, sort, background } = await loadSearch(searchParams);
  return (
    <Prefetch
      queries={(trpc) => [
        trpc.traces.list.queryOptions({ q, range, sort, background }),
        trpc.traces.facets.queryOptions({ field: 'service' }),
        trpc.processes.topology.queryOptions(),
      ]}
    >
      <Traces />
    </Prefetch>
  );
}
