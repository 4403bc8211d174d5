'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTRPC } from '../../_client/trpc.ts';

/** After the last key, milliseconds until the search is asked. */
const quietMs = 150;

/** Semantic search as the reader types. `hits` is null while nothing is searched for. */
export function useSearch(text: string) {
  const trpc = useTRPC();
  const [asked, setAsked] = useState(text.trim());
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), quietMs);
    return () => clearTimeout(timer);
  }, [text]);
  const searching = text.trim() !== '';
  const found = useQuery(
    trpc.catalogue.search.queryOptions(
      { text: asked || '-' },
      // The results so far stay until the next have come.
      { enabled: searching && asked !== '', placeholderData: keepPreviousData, staleTime: 60_000 },
    ),
  );
  return {
    hits: searching ? (found.data?.hits ?? null) : null,
    waiting: searching && found.data === undefined && !found.isError,
    stale: searching && (found.isPlaceholderData || asked !== text.trim()),
    error: searching && found.isError ? found.error.message : null,
    elapsedMs: searching && found.data && !found.isPlaceholderData ? found.data.elapsedMs : null,
  };
}
