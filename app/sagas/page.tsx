import type { Metadata } from 'next';
import { Prefetch } from '../api/_server/prefetch.tsx';
import { Sagas } from './client.tsx';
import { loadSagasSearch, sagasInput } from './search-params.ts';

export const metadata: Metadata = { title: 'Sagas' };

export default async function SagasPage({ searchParams }: PageProps<'/sagas'>) {
  const filter = await loadSagasSearch(searchParams);
  return (
    <Prefetch queries={(trpc) => [trpc.sagas.view.queryOptions(sagasInput(filter))]}>
      <Sagas />
    </Prefetch>
  );
}
