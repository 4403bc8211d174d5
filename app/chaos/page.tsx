import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { ChaosPage } from './client.tsx';

export const metadata: Metadata = { title: 'Chaos' };

export default function Chaos() {
  return (
    <Prefetch queries={(trpc) => [trpc.chaos.catalogue.queryOptions()]}>
      <ChaosPage />
    </Prefetch>
  );
}
