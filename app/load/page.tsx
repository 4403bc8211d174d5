import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Load } from './client.tsx';

export const metadata: Metadata = { title: 'Load' };

export default function LoadPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.load.runs.queryOptions()]}>
      <Load />
    </Prefetch>
  );
}
