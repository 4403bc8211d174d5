import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Orders } from './client.tsx';
import { listInput } from './list-input.ts';
import { loadOrdersSearch } from './search-params.ts';

export const metadata: Metadata = { title: 'Orders' };

export default async function OrdersPage({ searchParams }: PageProps<'/orders'>) {
  const filter = await loadOrdersSearch(searchParams);
  return (
    <Prefetch
      queries={(trpc) => [
        trpc.orders.list.queryOptions(listInput(filter)),
        trpc.catalogue.customers.queryOptions(),
        trpc.processes.topology.queryOptions(),
      ]}
    >
      <Orders />
    </Prefetch>
  );
}
