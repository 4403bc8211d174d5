'use client';

import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useRef } from 'react';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { SagaGraph } from '#components/graph/saga/saga-graph.tsx';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { CopyOrder } from '#components/orders/copy-order.tsx';
import { printItems } from '#components/orders/order-draft.ts';
import { OrderFacts } from '#components/orders/order-facts.tsx';
import { OrderStatusLabel } from '#components/orders/order-status.tsx';
import { sagaCaption, sagaSteps, waitingFor } from '#components/orders/saga.ts';
import { SagaList } from '#components/orders/saga-list.tsx';
import { filterStory, storyLines } from '#components/orders/story.ts';
import { StoryFilters } from '#components/orders/story-filters.tsx';
import { StoryTable } from '#components/orders/story-table.tsx';
import { WaitingNote } from '#components/orders/waiting-note.tsx';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useColours, useCustomers } from '../use-names.ts';
import { LinePanel } from './line-panel.tsx';
import { storyParsers } from './search-params.ts';
import { useOrderStory } from './use-order-story.ts';

/** One order from click to its end: the saga above, its events and log lines below, all of it live. */
export function OrderStory({ id }: { id: string }) {
  const { story, logs, down } = useOrderStory(id);
  const name = (
    <>
      Order <span className="font-mono">{shortId(id)}</span>
    </>
  );
  const crumbs = [{ title: 'Orders', href: '/orders' }];
  if (story.data) {
    return <Known {...story.data} logs={logs} down={down} title={name} crumbs={crumbs} />;
  }
  return (
    <Page title={name} crumbs={crumbs}>
      {story.error?.data?.code === 'NOT_FOUND' ? (
        <EmptyState
          title="There is no order with this id"
          action={
            <Button asChild>
              <Link href="/orders">All orders</Link>
            </Button>
          }
        >
          It may belong to a sandbox that has been reset.
        </EmptyState>
      ) : story.isError ? (
        <ErrorState
          title="This order cannot be read"
          detail={story.error.message}
          onRetry={() => void story.refetch()}
        />
      ) : (
        <>
          <Skeleton className="h-12" />
          <Skeleton className="h-60" />
          <SkeletonRows rows={12} label="Loading the order" />
        </>
      )}
    </Page>
  );
}

type KnownProps = {
  order: OrderView;
  timeline: readonly TimelineEntry[];
  logs: readonly LogRecord[] | null;
  down: ReadonlyMap<string, string>;
  title: React.ReactNode;
  crumbs: { title: string; href: string }[];
};

function Known({ order, timeline, logs, down, title, crumbs }: KnownProps) {
  const trpc = useTRPC();
  const [{ show, service, saga, line: selected }, setUrl] = useQueryStates(storyParsers);
  const { names } = useCustomers();
  const colours = useColours();
  const small = useSmallScreen();
  const list = useRef<HTMLDivElement>(null);
  useListKeys(list);
  const endpoints = useQuery(trpc.orders.endpoints.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const created = timeline.find(({ event }) => event === 'order.created');
  const payment = tokenOf(created);
  const items = order.lines.map(({ sku, qty }) => ({ sku, qty }));

  const steps = useMemo(() => sagaSteps(order, timeline), [order, timeline]);
  const lines = useMemo(() => storyLines(timeline, logs ?? []), [timeline, logs]);
  const events = useMemo(() => new Map(timeline.map((entry) => [entry.messageId, entry])), [timeline]);
  const shown = filterStory(lines, { show, service });
  const caption = sagaCaption(order, steps, durationText);
  const isOpen = selected !== null;
  const select = useCallback(
    (line: string | null) => void setUrl({ line }, { history: isOpen && line !== null ? 'replace' : 'push' }),
    [setUrl, isOpen],
  );
  const view = saga ?? (small ? 'table' : 'graph');
  return (
    <Page
      title={title}
      crumbs={crumbs}
      layout="fill"
      note={
        <span className="flex items-center gap-2">
          <CopyButton value={order.id} label={`Copy order id ${order.id}`} className="-ml-1" />
          <OrderStatusLabel status={order.status} className="text-base text-foreground" />
        </span>
      }
      actions={
        <>
          <CopyOrder draft={{ customerId: order.customerId, items, payment }} endpoints={endpoints.data ?? null} />
          <Button asChild variant="ghost">
            <Link
              href={`/orders/new?items=${encodeURIComponent(printItems(items))}&customer=${order.customerId}&pay=${payment}`}
              aria-label="Place it again"
            >
              <RotateCw aria-hidden />
              <span className="max-md:hidden">Place again</span>
            </Link>
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
          <OrderFacts order={order} customer={names.get(order.customerId) ?? null} onMail={() => select('mail')} />
          <div className="flex flex-col gap-4 px-4 pb-4 max-md:gap-2 max-md:px-2 max-md:pb-2">
            <Panel
              title="Saga"
              note={<WaitingNote caption={caption} step={waitingFor(steps)} />}
              className="shrink-0"
              actions={
                <Segmented<'graph' | 'table'>
                  aria-label="Saga as"
                  value={view}
                  onValueChange={(next) => void setUrl({ saga: next })}
                  options={[
                    { value: 'graph', label: 'Graph' },
                    { value: 'table', label: 'Table' },
                  ]}
                />
              }
            >
              {down.has('history') ? (
                <PartialNote>The saga may be further than shown: {down.get('history')}.</PartialNote>
              ) : null}
              {view === 'graph' ? (
                <SagaGraph steps={steps} colours={colours} caption={caption} onOpen={select} />
              ) : (
                <SagaList steps={steps} colours={colours} onOpen={select} brief={small} />
              )}
            </Panel>
            <Panel
              title="Events and logs"
              note={<span className="max-md:hidden">seconds since it was placed</span>}
              className="shrink-0"
              actions={
                <StoryFilters
                  filter={{ show, service }}
                  onChange={(filter) => void setUrl({ show: filter.show, service: filter.service })}
                  lines={lines}
                />
              }
            >
              {down.has('telemetry') ? (
                <PartialNote>Log lines are missing or out of date: {down.get('telemetry')}.</PartialNote>
              ) : null}
              <div ref={list}>
                {shown.length > 0 ? (
                  <StoryTable
                    lines={shown}
                    events={events}
                    fromMs={Date.parse(order.createdAt)}
                    colours={colours}
                    selected={selected}
                    onSelect={select}
                  />
                ) : lines.length === 0 ? (
                  <SkeletonRows rows={8} label="Waiting for the first event" />
                ) : (
                  <EmptyState title="Nothing fits this filter">Choose All to see the whole story.</EmptyState>
                )}
              </div>
            </Panel>
          </div>
        </div>
        {selected !== null ? (
          <LinePanel
            order={order}
            selected={selected}
            line={lines.find(({ id }) => id === selected) ?? null}
            events={events}
            colours={colours}
            onOpen={select}
            onClose={() => select(null)}
          />
        ) : null}
      </div>
    </Page>
  );
}

function tokenOf(created: TimelineEntry | undefined): string {
  const payment: unknown = created?.data.payment;
  const token = typeof payment === 'object' && payment !== null && 'token' in payment ? payment.token : null;
  return typeof token === 'string' ? token : 'tok_visa';
}
