'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import {
  appendOlder,
  applyOrders,
  emptyOrderList,
  mergeFirstPage,
  type OrderList,
  type OrderListFilter,
  releaseHeld,
} from '#components/orders/order-list.ts';
import { useTRPC, useTRPCClient } from '../_client/trpc.ts';
import { useLive } from '../_client/use-live.ts';
import { listInput, pageSize } from './list-input.ts';

/**
 * The list as it is shown: first page, live changes, older pages. While `shouldHold()` says so, new orders wait in
 * `list.held`. `down` tells why the stream's source does not answer.
 */
export function useOrderList(filter: OrderListFilter, shouldHold: () => boolean) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const input = listInput({ status: filter.status, customer: filter.customerId });
  const first = useQuery(trpc.orders.list.queryOptions(input));
  const key = JSON.stringify(input);
  const [held, setHeld] = useState<{ key: string; list: OrderList } | null>(null);
  const [down, setDown] = useState<string | null>(null);
  const [older, setOlder] = useState<'idle' | 'loading' | 'failed'>('idle');

  const fromCache: OrderList | null = first.data
    ? { ...emptyOrderList, rows: first.data.orders, hasMore: first.data.hasMore }
    : null;
  const list = held?.key === key ? held.list : fromCache;
  const latest = useRef({ key, list });
  useEffect(() => {
    latest.current = { key, list };
  });
  const change = useCallback((by: (list: OrderList) => OrderList) => {
    setHeld((before) => {
      const { key: now, list: shown } = latest.current;
      const base = before?.key === now ? before.list : shown;
      return base ? { key: now, list: by(base) } : before;
    });
  }, []);

  useLive(
    trpc.orders.stream.subscriptionOptions(
      {},
      {
        onStarted: () => {
          // What happened before the stream was open, or while it was closed.
          void queryClient.fetchQuery({ ...trpc.orders.list.queryOptions(input), staleTime: 0 }).then(
            (page) => change((before) => mergeFirstPage(before, page)),
            () => {},
          );
        },
        onData: ({ data: batch }) => {
          for (const update of batch) if (update.kind === 'source') setDown(update.down);
          const orders = batch.flatMap((update) => (update.kind === 'order' ? [update.order] : []));
          if (orders.length > 0) change((before) => applyOrders(before, orders, { filter, hold: shouldHold() }));
        },
      },
    ),
  );

  const loadOlder = () => {
    const before = list?.rows.at(-1)?.id;
    if (before === undefined || older === 'loading') return;
    setOlder('loading');
    client.orders.list.query({ ...input, before, limit: pageSize }).then(
      (page) => {
        change((now) => appendOlder(now, page));
        setOlder('idle');
      },
      () => setOlder('failed'),
    );
  };
  return { first, list, down, older, loadOlder, release: () => change(releaseHeld) };
}
