import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Proof } from './client.tsx';

export const metadata: Metadata = { title: 'Proof' };

export default function ProofPage() {
  return (
    <Prefetch queries={(trpc) => [trpc.audit.board.queryOptions(), trpc.audit.final.queryOptions()]}>
      <Proof />
    </Prefetch>
  );
}
