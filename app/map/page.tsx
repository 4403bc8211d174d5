import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { SystemMapPage } from './client.tsx';
import { redInput } from './red-input.ts';

export const metadata: Metadata = { title: 'Map' };

export default function MapPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.processes.topology.queryOptions(), trpc.red.now.queryOptions(redInput)]}>
      <SystemMapPage />
    </Prefetch>
  );
}
