'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { addCondition } from '#components/filter/add-condition.ts';
import { FilterInput } from '#components/filter/filter-input.tsx';
import { ShownQuery } from '#components/filter/shown-query.tsx';
import type { FilterField } from '#components/filter/use-suggestions.ts';
import { count } from '#components/format/number.ts';
import { LogList } from '#components/logs/log-list.tsx';
import { SeverityChips } from '#components/logs/severity.tsx';
import { Page } from '#components/shell/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Select } from '#components/ui/select.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useTRPC } from '../_client/trpc.ts';
import { LogDetail } from './log-detail.tsx';
import { type LogView, logParsers, type Range, ranges, viewOf } from './search-params.ts';
import { useLogWindow } from './use-log-window.ts';

const fields: readonly FilterField[] = [
  { name: 'service', note: 'process that wrote the line' },
  { name: 'severity', note: 'trace … fatal; severity>=warn' },
  { name: 'body', note: 'the message' },
  { name: 'trace', note: 'trace id', values: false },
  { name: 'order', note: 'order id', values: false },
  { name: 'event', note: 'event that was handled' },
  { name: 'route', note: 'route of a request' },
  { name: 'method', note: 'HTTP method' },
  { name: 'durationMs', note: 'milliseconds; durationMs>200', values: false },
  { name: 'decision', note: 'of the fraud screen' },
  { name: 'reason', note: 'why something was refused' },
  { name: 'instance', note: 'instance of the process' },
];
const rangeNames: Record<Range, string> = {
  '5m': 'Last 5 minutes',
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '6h': 'Last 6 hours',
  all: 'Everything kept',
};
const everyService = '*';

/** Lines of every process as they are written. */
export function Logs() {
  const [params, setUrl] = useQueryStates(logParsers);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  // The open line is no part of the view: the list stays as it is while one moves through it.
  const viewKey = JSON.stringify(viewOf(params));
  const view = useMemo(() => JSON.parse(viewKey) as LogView, [viewKey]);
  const { query, mistaken, down, older, loadOlder, onFollowing } = useLogWindow(view);
  const topology = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const services = useQuery(trpc.logs.facets.queryOptions({ field: 'service' }));
  const colours = useMemo(
    () => new Map((topology.data?.processes ?? []).map(({ name, colour }) => [name, colour])),
    [topology.data],
  );
  const rows = useMemo(() => query.data?.logs.toReversed() ?? [], [query.data]);
  const loadValues = useCallback(
    (field: string, signal: AbortSignal) => {
      const facets = queryClient.fetchQuery({ ...trpc.logs.facets.queryOptions({ field }), retry: false });
      signal.throwIfAborted();
      return facets;
    },
    [queryClient, trpc],
  );
  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const select = useCallback(
    (log: string | null) => void setUrl({ log }, { history: params.log && log ? 'replace' : 'push' }),
    [setUrl, params.log],
  );
  const commit = (change: Parameters<typeof setUrl>[0]) => void setUrl(change, { history: 'push' });
  const filtered = params.q !== '' || params.severity.length > 0 || params.service !== null;
  const fixed = params.from !== null || params.to !== null;

  return (
    <Page
      title="Logs"
      layout="fill"
      note={query.data ? `${count(query.data.logs.length)}${query.data.hasMore ? '+' : ''} lines` : null}
      actions={
        query.data ? (
          <ShownQuery
            query={query.data.sql}
            elapsedMs={query.data.elapsedMs}
            rows={query.data.logs.length}
            note="This is the newest page. Older pages add “seq <”; lines that arrive are matched in memory by the same filter."
          />
        ) : null
      }
    >
      <div className="flex flex-wrap items-center gap-2 border-b border-border px-4 py-2 max-md:px-2">
        <FilterInput
          value={params.q}
          onCommit={(q) => commit({ q })}
          fields={fields}
          loadValues={loadValues}
          placeholder="Filter logs, e.g. service:orders severity>=warn"
          aria-label="Filter logs"
          className="min-w-72 flex-1 max-md:min-w-full"
        />
        <SeverityChips chosen={params.severity} onChange={(severity) => commit({ severity })} />
        <Select
          aria-label="Service"
          value={params.service ?? everyService}
          onValueChange={(service) => commit({ service: service === everyService ? null : service })}
          options={serviceOptions(services.data ?? [], params.service)}
          className="w-44 max-md:w-auto max-md:min-w-40 max-md:flex-1"
        />
        <Select
          aria-label="Time range"
          value={fixed ? 'fixed' : params.range}
          onValueChange={(range) => range !== 'fixed' && commit({ range, from: null, to: null })}
          options={[
            ...(fixed ? [{ value: 'fixed' as const, label: 'As linked' }] : []),
            ...ranges.map((value) => ({ value, label: rangeNames[value] })),
          ]}
          className="w-40 max-md:w-auto max-md:min-w-36 max-md:flex-1"
        />
      </div>
      {down && query.data ? <PartialNote>New lines are missing: {down}.</PartialNote> : null}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {mistaken ? (
            <EmptyState title="The filter has a mistake">It is marked above; correct it and press Enter.</EmptyState>
          ) : query.isPending ? (
            <SkeletonRows rows={16} label="Loading log lines" />
          ) : query.isError && !query.data ? (
            <ErrorState title="Logs cannot be read" detail={query.error.message} onRetry={() => void query.refetch()} />
          ) : rows.length === 0 ? (
            filtered || fixed ? (
              <EmptyState
                title="No line matches"
                action={
                  <Button
                    onClick={() =>
                      commit({ q: null, severity: null, service: null, range: null, from: null, to: null })
                    }
                  >
                    Clear the filter
                  </Button>
                }
              >
                Lines that match appear here as soon as they are written.
              </EmptyState>
            ) : (
              <EmptyState title="No lines in this range" command="npm run orrery -- order --count 5">
                Every process writes here what it does.
              </EmptyState>
            )
          ) : (
            <LogList
              key={viewKey}
              rows={rows}
              colours={colours}
              selected={params.log}
              onSelect={select}
              older={older}
              onOlder={() => void loadOlder()}
              onFollowing={onFollowing}
            />
          )}
        </div>
        {params.log ? (
          <LogDetail
            id={params.log}
            known={rows.find(({ id }) => id === params.log) ?? null}
            colours={colours}
            onSelect={select}
            onFilter={(field, op, value) => commit({ q: addCondition(params.q, field, op, value) ?? params.q })}
            canFilter={(field, value) => addCondition(params.q, field, 'eq', value) !== null}
          />
        ) : null}
      </div>
    </Page>
  );
}

function serviceOptions(facets: readonly { value: string; count: number | null }[], chosen: string | null) {
  const names = facets.map(({ value }) => value).sort();
  if (chosen !== null && !names.includes(chosen)) names.push(chosen);
  return [{ value: everyService, label: 'Every service' }, ...names.map((value) => ({ value, label: value }))];
}
