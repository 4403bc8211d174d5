'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { MailDetail } from '#components/orders/mail-detail.tsx';
import type { StoryLine } from '#components/orders/story.ts';
import { EventDetail, LogDetail } from '#components/orders/story-detail.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import { useTRPC } from '../../_client/trpc.ts';

export type LinePanelProps = {
  order: OrderView;
  /** Id of the line, or `mail`. */
  selected: string;
  line: StoryLine | null;
  events: ReadonlyMap<string, TimelineEntry>;
  colours: ReadonlyMap<string, number | null>;
  onOpen: (id: string) => void;
  onClose: () => void;
};

/** What lies behind a line of the story: the event, the log record, or the mails. */
export function LinePanel({ order, selected, line, events, colours, onOpen, onClose }: LinePanelProps) {
  const title =
    selected === 'mail' ? 'Mail' : line === null ? 'Not found' : line.kind === 'event' ? 'Event' : 'Log line';
  const colour = line ? (colours.get(line.service) ?? null) : null;
  return (
    <SidePanel kind="story" label={title} title={title} onClose={onClose}>
      {selected === 'mail' ? (
        <Mails order={order} />
      ) : line === null ? (
        <EmptyState title="This line is not part of the story (yet)">It may still arrive.</EmptyState>
      ) : line.kind === 'event' ? (
        <EventDetail
          // A new event starts with its own tree.
          key={line.id}
          entry={line.entry}
          cause={events.get(line.entry.causationId ?? '') ?? null}
          colour={colour}
          onOpen={onOpen}
        />
      ) : (
        <LogDetail key={line.id} log={line.log} colour={colour} />
      )}
    </SidePanel>
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
