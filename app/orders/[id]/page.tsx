import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { shortId } from '#components/format/time.ts';
import { Uuid } from '#contracts/ids.ts';
import { Prefetch } from '../../api/_server/prefetch.tsx';
import { OrderStory } from './client.tsx';

export async function generateMetadata({ params }: PageProps<'/orders/[id]'>): Promise<Metadata> {
  return { title: `Order ${shortId((await params).id)}` };
}

export default async function OrderPage({ params }: PageProps<'/orders/[id]'>) {
  const { id } = await params;
  if (!Uuid.safeParse(id).success) notFound();
  return (
    <Prefetch
      queries={(trpc) => [
        trpc.orders.timeline.queryOptions({ id }),
        trpc.catalogue.customers.queryOptions(),
        trpc.processes.topology.queryOptions(),
      ]}
    >
      <OrderStory id={id} />
    </Prefetch>
  );
}
