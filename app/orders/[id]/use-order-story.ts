'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { addEntry, addLogs, addSpans, fullerStory } from '#components/orders/story.ts';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord, Span } from '#contracts/telemetry/query.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useLive } from '../../_client/use-live.ts';

type Story = { order: OrderView; timeline: TimelineEntry[] };

/**
 * An order with its events, spans and log lines, growing by push. `down` names the sources that do not answer, with the
 * reason.
 */
export function useOrderStory(id: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const story = useQuery({
    ...trpc.orders.timeline.queryOptions({ id }),
    // The answer of the first question may arrive after the stream has told more.
    structuralSharing: (before, answer) => fullerStory(before as Story | undefined, answer as Story),
  });
  const [logs, setLogs] = useState<readonly LogRecord[]>([]);
  const [spans, setSpans] = useState<readonly Span[]>([]);
  const [down, setDown] = useState<ReadonlyMap<string, string>>(new Map());
  useLive(
    trpc.orders.story.subscriptionOptions(
      { id },
      {
        // An order that nobody knows has no story to follow.
        enabled: !story.isError,
        onData: ({ data: batch }) => {
          for (const update of batch) {
            switch (update.kind) {
              case 'snapshot': {
                const { order, timeline } = update;
                queryClient.setQueryData(trpc.orders.timeline.queryKey({ id }), { order, timeline });
                break;
              }
              case 'event':
                queryClient.setQueryData(trpc.orders.timeline.queryKey({ id }), (before) => {
                  if (!before) return before;
                  const newer = update.order.updatedAt >= before.order.updatedAt ? update.order : before.order;
                  return { order: newer, timeline: [...addEntry(before.timeline, update.entry)] };
                });
                break;
              case 'logs':
                setLogs((before) => addLogs(before, update.logs));
                break;
              case 'spans':
                setSpans((before) => addSpans(before, update.spans));
                break;
              case 'source':
                setDown((before) => {
                  const after = new Map(before);
                  if (update.down === null) after.delete(update.source);
                  else after.set(update.source, update.down);
                  return after;
                });
                break;
              default:
                update satisfies never;
            }
          }
        },
      },
    ),
  );
  return useMemo(() => ({ story, logs, spans, down }), [story, logs, spans, down]);
}
