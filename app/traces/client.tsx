'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowUp } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback, useRef, useState } from 'react';
import { count } from '#components/format/number.ts';
import { Page } from '#components/shell/page.tsx';
import { QueryDialog } from '#components/traces/query-dialog.tsx';
import { TraceFilters } from '#components/traces/trace-filters.tsx';
import { TraceTable } from '#components/traces/trace-table.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useTRPC } from '../_client/trpc.ts';
import { tracesParsers } from './search-params.ts';
import { TraceDetail } from './trace-detail.tsx';
import { useColours } from './use-colours.ts';
import { useTraceList } from './use-trace-list.ts';

/** Which requests ran, how long, where they failed: searched once, then pushed. */
export function Traces() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [{ trace: selected, ...filter }, setUrl] = useQueryStates(tracesParsers);
  const [scrolled, setScrolled] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const colours = useColours();
  const services = useQuery(trpc.traces.facets.queryOptions({ field: 'service' }));
  const { list, shown, held, release, down } = useTraceList(filter, scrolled || selected !== null);
  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const select = useCallback(
    (trace: string | null) =>
      void setUrl({ trace }, { history: selected !== null && trace !== null ? 'replace' : 'push' }),
    [setUrl, selected],
  );
  const toNewest = () => {
    release();
    scroller.current?.firstElementChild?.scrollTo({ top: 0 });
  };
  const summary = shown.find(({ traceId }) => traceId === selected) ?? null;
  return (
    <Page
      title="Traces"
      layout="fill"
      note={list.data ? note(shown.length, list.data.hasMore, filter.background) : null}
      actions={
        list.data ? <QueryDialog sql={list.data.sql} elapsedMs={list.data.elapsedMs} rows={shown.length} /> : null
      }
    >
      <TraceFilters
        {...filter}
        services={services.data ?? []}
        loadValues={(field, signal) =>
          queryClient.fetchQuery({ ...trpc.traces.facets.queryOptions({ field }), retry: false }).then((found) => {
            signal.throwIfAborted();
            return found;
          })
        }
        onChange={(change) => void setUrl(change, { history: 'push' })}
      />
      {down && list.data ? <PartialNote>The list may be out of date: {down}.</PartialNote> : null}
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          {held > 0 ? (
            <Button
              className="absolute top-10 left-1/2 z-20 -translate-x-1/2 rounded-full shadow-float"
              onClick={toNewest}
            >
              <ArrowUp aria-hidden />
              {count(held)} new
            </Button>
          ) : null}
          <div
            ref={scroller}
            onScrollCapture={(event) => setScrolled((event.target as HTMLElement).scrollTop > 8)}
            className="min-h-0 flex-1 [&>[data-slot=table-scroll]]:h-full [&>[data-slot=table-scroll]]:overflow-auto"
          >
            {list.isPending ? (
              <SkeletonRows rows={16} label="Loading traces" />
            ) : list.isError && !list.data ? (
              <ErrorState
                title="Traces cannot be read"
                detail={list.error.message}
                onRetry={() => void list.refetch()}
              />
            ) : shown.length === 0 ? (
              <EmptyTraces filtered={filter.q !== ''} range={filter.range} onClear={() => void setUrl({ q: '' })} />
            ) : (
              <TraceTable
                traces={shown}
                colours={colours}
                selected={selected}
                hrefOf={(traceId) => `/traces/${traceId}`}
                onSelect={select}
              />
            )}
          </div>
        </div>
        {selected !== null ? (
          <SidePanel
            kind="trace"
            label={`Trace ${selected}`}
            title={summary ? `${summary.rootService} ${summary.rootName}` : 'Trace'}
            href={`/traces/${selected}`}
            onClose={() => select(null)}
          >
            <TraceDetail traceId={selected} grownAtMs={summary?.lastArrivalMs ?? null} colours={colours} />
          </SidePanel>
        ) : null}
      </div>
    </Page>
  );
}

function note(shown: number, hasMore: boolean, background: boolean): string {
  const many = `${hasMore ? 'first ' : ''}${count(shown)} ${shown === 1 ? 'trace' : 'traces'}`;
  return background ? many : `${many}, without key and token fetches`;
}

function EmptyTraces(props: { filtered: boolean; range: string; onClear: () => void }) {
  if (props.filtered) {
    return (
      <EmptyState
        title="No trace has a span like that"
        action={<Button onClick={props.onClear}>Clear the filter</Button>}
      >
        All conditions must hold for one span of the trace
        {props.range === 'all' ? '.' : ', within the time range.'}
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No traces yet" command="npm run orrery -- order --count 5">
      Every request and every order appears here as one trace through all services.
    </EmptyState>
  );
}
