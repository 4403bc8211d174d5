import type { Metadata } from 'next';
import { Prefetch } from '../../api/_server/prefetch.tsx';
import { TwinRun } from './client.tsx';

export const metadata: Metadata = { title: 'Twin run' };

export default function TwinPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.catalogue.customers.queryOptions(), trpc.processes.topology.queryOptions()]}>
      <TwinRun />
    </Prefetch>
  );
}
