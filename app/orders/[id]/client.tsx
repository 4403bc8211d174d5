'use client';

import { useQuery } from '@tanstack/react-query';
import { FileDown, RotateCw, Zap } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import { ArmMenu } from '#components/chaos/arm-menu.tsx';
import { type ArmChoice, arrowFaults, orderFaults } from '#components/chaos/saga-faults.ts';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { SagaGraph } from '#components/graph/saga/saga-graph.tsx';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { CopyOrder } from '#components/orders/copy-order.tsx';
import { printItems } from '#components/orders/order-draft.ts';
import { OrderFacts } from '#components/orders/order-facts.tsx';
import { OrderStatusLabel } from '#components/orders/order-status.tsx';
import { type SagaStep, sagaCaption, sagaSteps, waitingFor } from '#components/orders/saga.ts';
import { SagaDeadlines } from '#components/orders/saga-deadlines.tsx';
import { SagaList } from '#components/orders/saga-list.tsx';
import { type StoryKind, storyKinds, storyLines } from '#components/orders/story.ts';
import { StoryNote } from '#components/orders/story-note.tsx';
import { StoryPanel, StoryViewChoice } from '#components/orders/story-panel.tsx';
import { WaitingNote } from '#components/orders/waiting-note.tsx';
import { Page } from '#components/shell/page.tsx';
import { buildTree } from '#components/traces/trace-tree.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord, Span } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useFaults } from '../../_client/use-chaos.ts';
import { useColours, useCustomers } from '../use-names.ts';
import { CancelOrder } from './cancel-order.tsx';
import { LinePanel } from './line-panel.tsx';
import { storyParsers } from './search-params.ts';
import { useOrderStory } from './use-order-story.ts';
import { useSaga } from './use-saga.ts';

/** One order from click to its end: the saga above, everything else on one time axis below, all of it live. */
export function OrderStory({ id }: { id: string }) {
  const { story, logs, spans, down } = useOrderStory(id);
  const name = (
    <>
      Order <span className="font-mono">{shortId(id)}</span>
    </>
  );
  const crumbs = [{ title: 'Orders', href: '/orders' }];
  if (story.data) {
    return <Known {...story.data} logs={logs} spans={spans} down={down} title={name} crumbs={crumbs} />;
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
  logs: readonly LogRecord[];
  spans: readonly Span[];
  down: ReadonlyMap<string, string>;
  title: React.ReactNode;
  crumbs: { title: string; href: string }[];
};

function Known({ order, timeline, logs, spans, down, title, crumbs }: KnownProps) {
  const trpc = useTRPC();
  const [url, setUrl] = useQueryStates(storyParsers);
  const { service, saga, window, line: selected } = url;
  const { names } = useCustomers();
  const colours = useColours();
  const small = useSmallScreen();
  const endpoints = useQuery(trpc.orders.endpoints.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const created = timeline.find(({ event }) => event === 'order.created');
  const payment = tokenOf(created);
  const items = order.lines.map(({ sku, qty }) => ({ sku, qty }));

  const held = useSaga(order, timeline.length);
  const steps = useMemo(() => sagaSteps(order, timeline), [order, timeline]);
  const lines = useMemo(() => storyLines({ timeline, spans, logs }), [timeline, spans, logs]);
  const events = useMemo(() => new Map(timeline.map((entry) => [entry.messageId, entry])), [timeline]);
  const caption = sagaCaption(order, steps, durationText);
  const waiting = waitingFor(steps);
  const faults = useFaults();
  /** Faults can be armed for it alone as long as it still passes somewhere. */
  const running = order.finishedAt === null ? order.id : null;
  const missing = useMemo(() => buildTree(spans).waiting, [spans]);
  const isOpen = selected !== null;
  const select = useCallback(
    (line: string | null) => void setUrl({ line }, { history: isOpen && line !== null ? 'replace' : 'push' }),
    [setUrl, isOpen],
  );
  const sagaView = saga ?? (small ? 'table' : 'graph');
  const view = url.view ?? (small ? 'table' : 'lanes');
  const filter = { kinds: url.kinds ?? (view === 'lanes' ? storyKinds : rowsShown), service };
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
          <CancelOrder order={order} />
          <ArmMenu
            title="Arm a fault"
            choices={breakable(order, waiting, steps)}
            order={running}
            style={order.sagaStyle}
          >
            <Button variant="ghost" aria-label="Break it">
              <Zap aria-hidden />
              <span className="max-lg:hidden">Break</span>
            </Button>
          </ArmMenu>
          <Button asChild variant="ghost">
            {/* The file is made for reading elsewhere: without this console, without a network. */}
            <a href={`/api/orders/${order.id}/story`} download aria-label="Export the story as an HTML file">
              <FileDown aria-hidden />
              <span className="max-lg:hidden">Export</span>
            </a>
          </Button>
          <CopyOrder
            draft={{ customerId: order.customerId, items, payment, sagaStyle: order.sagaStyle }}
            endpoints={endpoints.data ?? null}
          />
          <Button asChild variant="ghost">
            <Link
              href={`/orders/new?items=${encodeURIComponent(printItems(items))}&customer=${order.customerId}&pay=${payment}&saga=${order.sagaStyle}`}
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
              note={<WaitingNote caption={caption} step={waiting} />}
              className="shrink-0"
              actions={
                <Segmented<'graph' | 'table'>
                  aria-label="Saga as"
                  value={sagaView}
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
              {sagaView === 'graph' ? (
                <SagaGraph
                  style={order.sagaStyle}
                  steps={steps}
                  colours={colours}
                  caption={caption}
                  onOpen={select}
                  orderId={running}
                />
              ) : (
                <SagaList steps={steps} colours={colours} onOpen={select} brief={small} />
              )}
              {held ? <SagaDeadlines saga={held} /> : null}
            </Panel>
            <Panel
              title="Story"
              note={<StoryNote order={order} waiting={waiting} missing={missing} />}
              className="shrink-0"
              actions={<StoryViewChoice view={view} onView={(next) => void setUrl({ view: next })} />}
            >
              {down.has('telemetry') ? (
                <PartialNote>Log lines are missing or out of date: {down.get('telemetry')}.</PartialNote>
              ) : null}
              {down.has('spans') ? (
                <PartialNote>
                  Spans, and what they tell of outboxes and inboxes, are missing or out of date: {down.get('spans')}.
                </PartialNote>
              ) : null}
              <StoryPanel
                lines={lines}
                events={events}
                faults={faults}
                originMs={Date.parse(order.createdAt)}
                ended={order.finishedAt !== null}
                filter={filter}
                onFilter={({ kinds, service }) => void setUrl({ kinds: [...kinds], service })}
                view={view}
                window={window}
                onWindow={(next) => void setUrl({ window: next })}
                colours={colours}
                selected={selected}
                onSelect={select}
              />
            </Panel>
          </div>
        </div>
        {selected !== null ? (
          <LinePanel
            order={order}
            selected={selected}
            line={lines.find(({ id }) => id === selected) ?? null}
            spans={spans}
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

/** What fits where the order stands: the arrow to the step that is waited for. */
function breakable(
  { sagaStyle }: OrderView,
  waiting: SagaStep | null,
  steps: readonly SagaStep[],
): readonly ArmChoice[] {
  const last = steps.findLast(({ entry, id }) => entry !== null && id !== waiting?.id);
  return waiting && last ? arrowFaults(last, waiting, sagaStyle) : orderFaults;
}

/** As rows, spans and the rows of outboxes and inboxes would bury what happened. */
const rowsShown: readonly StoryKind[] = ['state', 'message', 'log'];

function tokenOf(created: TimelineEntry | undefined): string {
  const payment: unknown = created?.data.payment;
  const token = typeof payment === 'object' && payment !== null && 'token' in payment ? payment.token : null;
  return typeof token === 'string' ? token : 'tok_visa';
}
