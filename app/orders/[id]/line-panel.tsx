'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { MailDetail } from '#components/orders/mail-detail.tsx';
import type { StoryLine } from '#components/orders/story.ts';
import { EventDetail, LogDetail, RowDetail, StateDetail } from '#components/orders/story-detail.tsx';
import { kindNames } from '#components/orders/story-look.ts';
import { SpanPanel } from '#components/traces/span-panel.tsx';
import { buildTree } from '#components/traces/trace-tree.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import type { Span } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { SpanLogs } from '../../traces/[traceId]/span-logs.tsx';

export type LinePanelProps = {
  order: OrderView;
  /** Id of the line, or `mail`. */
  selected: string;
  line: StoryLine | null;
  spans: readonly Span[];
  events: ReadonlyMap<string, TimelineEntry>;
  colours: ReadonlyMap<string, number | null>;
  onOpen: (id: string) => void;
  onClose: () => void;
};

/** What lies behind a line of the story: the message, its row, the span, the log record; or the mails. */
export function LinePanel({ order, selected, line, spans, events, colours, onOpen, onClose }: LinePanelProps) {
  const title = selected === 'mail' ? 'Mail' : line === null ? 'Not found' : kindNames[line.kind].one;
  return (
    <SidePanel kind="story" label={title} title={title} onClose={onClose}>
      {selected === 'mail' ? (
        <Mails order={order} />
      ) : line === null ? (
        <EmptyState title="This line is not part of the story (yet)">It may still arrive.</EmptyState>
      ) : (
        // A new line starts with its own tree.
        <Detail key={line.id} line={line} spans={spans} events={events} colours={colours} onOpen={onOpen} />
      )}
    </SidePanel>
  );
}

type DetailProps = Pick<LinePanelProps, 'spans' | 'events' | 'colours' | 'onOpen'> & { line: StoryLine };

function Detail({ line, spans, events, colours, onOpen }: DetailProps) {
  const colour = colours.get(line.service) ?? null;
  switch (line.kind) {
    case 'message': {
      const { entry } = line.message;
      if (entry === null) return <RowDetail line={line} colour={colour} onOpen={onOpen} />;
      const cause = events.get(entry.causationId ?? '') ?? null;
      return <EventDetail entry={entry} cause={cause} colour={colour} onOpen={onOpen} />;
    }
    case 'outbox':
    case 'inbox':
      return <RowDetail line={line} colour={colour} onOpen={onOpen} />;
    case 'state':
      return <StateDetail line={line} onOpen={onOpen} />;
    case 'span':
      return <SpanDetail span={line.span} spans={spans} colours={colours} onOpen={onOpen} />;
    case 'log':
      return <LogDetail log={line.log} colour={colour} />;
    default:
      return line satisfies never;
  }
}

function SpanDetail({
  span,
  spans,
  colours,
  onOpen,
}: Pick<DetailProps, 'spans' | 'colours' | 'onOpen'> & { span: Span }) {
  const tree = useMemo(() => buildTree(spans), [spans]);
  const node = tree.byId.get(span.spanId);
  if (!node) return null;
  return (
    <SpanPanel
      node={node}
      span={span}
      criticalMs={0}
      colours={colours}
      onSelect={(id) => onOpen(`span-${id}`)}
      logs={<SpanLogs traceId={span.traceId} spanId={span.spanId} />}
    />
  );
}

function Mails({ order }: { order: OrderView }) {
  const trpc = useTRPC();
  const mails = useQuery(trpc.orders.mails.queryOptions({ id: order.id }));
  const { refetch } = mails;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another notification is the reason to read again
  useEffect(() => void refetch(), [refetch, order.notifications]);
  if (mails.isPending) return <SkeletonRows rows={4} label="Loading mails" />;
  if (mails.isError && !mails.data) {
    return (
      <ErrorState title="Mails cannot be read" detail={mails.error.message} onRetry={() => void mails.refetch()} />
    );
  }
  return <MailDetail mails={mails.data} />;
}
