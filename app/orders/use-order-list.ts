'use client';

import { useQuery } from '@tanstack/react-query';
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
import type { OrderView } from '#contracts/http/history.ts';
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

  /** What moved before the stream was open, or while it was closed. What is pushed while it is read may be newer. */
  const meanwhile = useRef<OrderView[] | null>(null);
  const readMissed = () => {
    const pushed: OrderView[] = [];
    meanwhile.current = pushed;
    // Not through the cache, which would share a question that was asked before.
    void client.orders.list
      .query(input)
      .then(
        (page) => change((before) => applyOrders(mergeFirstPage(before, page), pushed, { filter, hold: shouldHold() })),
        () => {},
      )
      .finally(() => {
        if (meanwhile.current === pushed) meanwhile.current = null;
      });
  };

  useLive(
    trpc.orders.stream.subscriptionOptions(
      {},
      {
        onData: ({ data: batch }) => {
          for (const update of batch) {
            if (update.kind !== 'source') continue;
            setDown(update.down);
            if (update.down === null) readMissed();
          }
          const orders = batch.flatMap((update) => (update.kind === 'order' ? [update.order] : []));
          if (orders.length === 0) return;
          meanwhile.current?.push(...orders);
          change((before) => applyOrders(before, orders, { filter, hold: shouldHold() }));
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
