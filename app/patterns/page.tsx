import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Patterns } from './client.tsx';

export const metadata: Metadata = { title: 'Patterns' };

export default function PatternsPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.patterns.list.queryOptions(), trpc.processes.topology.queryOptions()]}>
      <Patterns />
    </Prefetch>
  );
}
