import type { Metadata } from 'next';
import { Prefetch } from '../../api/_server/prefetch.tsx';
import { Experiments } from './client.tsx';

export const metadata: Metadata = { title: 'Experiments' };

export default function ExperimentsPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.experiments.ready.queryOptions(), trpc.experiments.runs.queryOptions()]}>
      <Experiments />
    </Prefetch>
  );
}
