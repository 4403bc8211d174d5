import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { ExportPage } from './client.tsx';

export const metadata: Metadata = { title: 'Export' };

export default function Export() {
  return (
    <Prefetch queries={(trpc) => [trpc.export.form.queryOptions()]}>
      <ExportPage />
    </Prefetch>
  );
}
