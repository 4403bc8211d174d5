import type { Metadata } from 'next';
import { Prefetch } from '../../api/_server/prefetch.tsx';
import { NewOrder } from './client.tsx';

export const metadata: Metadata = { title: 'Place an order' };

export default function NewOrderPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.catalogue.products.queryOptions(), trpc.catalogue.customers.queryOptions()]}>
      <NewOrder />
    </Prefetch>
  );
}
