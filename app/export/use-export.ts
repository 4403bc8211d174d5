'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ChosenOptions } from '#components/export/chosen-options.ts';
import type { ExportTarget } from '#contracts/sandbox/export.ts';
import { useTRPC } from '../_client/trpc.ts';

/** A person types on; rendering waits until they pause. */
const typingMs = 250;

type Wanted = { targets: readonly ExportTarget[]; options: ChosenOptions; against: ChosenOptions };

/** The export of the chosen options. While the next one is on its way, or cannot be meant, the last one stays. */
export function useExport(wanted: Wanted, path: string | null, view: 'file' | 'changes') {
  const trpc = useTRPC();
  const settled = useSettled(JSON.stringify(wanted));
  const input = JSON.parse(settled) as {
    targets: ExportTarget[];
    options: Record<string, string>;
    against: Record<string, string>;
  };
  const overview = useQuery(
    trpc.export.overview.queryOptions(input, {
      enabled: input.targets.length > 0,
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  );
  const faulty = (overview.data?.faults.length ?? 0) > 0;
  const file = useQuery(
    trpc.export.file.queryOptions(
      { ...input, path: path ?? '', view },
      {
        enabled: path !== null && input.targets.length > 0 && !faulty,
        placeholderData: keepPreviousData,
        staleTime: Number.POSITIVE_INFINITY,
      },
    ),
  );
  return { overview, file, settling: settled !== JSON.stringify(wanted) };
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), typingMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
