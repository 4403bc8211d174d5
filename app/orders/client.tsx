'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowUp, Plus } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useRef } from 'react';
import { shortId } from '#components/format/time.ts';
import { OrderTable } from '#components/orders/order-table.tsx';
import { keysOf } from '#components/shell/commands.ts';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Select } from '#components/ui/select.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { OrderStatus } from '#contracts/http/orders.ts';
import { useTRPC } from '../_client/trpc.ts';
import { OrderPanel } from './order-panel.tsx';
import { orderStatuses, ordersParsers } from './search-params.ts';
import { useCustomers } from './use-names.ts';
import { useOrderList } from './use-order-list.ts';

/** Every order as it moves, newest first; the selected one beside it. */
export function Orders() {
  const [{ status, customer, order: selected }, setUrl] = useQueryStates(ordersParsers);
  const scroller = useRef<HTMLElement>(null);
  const scrolled = useRef(false);
  const frame = useRef<HTMLDivElement>(null);
  const statusSelect = useRef<HTMLSelectElement>(null);
  const { customers, names } = useCustomers();
  const filter = { status, customerId: customer };
  // The reader keeps their place: further down, or with the focus on a row.
  const shouldHold = useCallback(
    () => scrolled.current || (scroller.current?.querySelector('tbody')?.contains(document.activeElement) ?? false),
    [],
  );
  const { first, list, down, older, loadOlder, release } = useOrderList(filter, shouldHold);
  useListKeys(frame);
  useViewCommand('filter', () => statusSelect.current?.focus());

  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const isOpen = selected !== null;
  const select = useCallback(
    (id: string | null) => void setUrl({ order: id }, { history: isOpen && id !== null ? 'replace' : 'push' }),
    [setUrl, isOpen],
  );
  const showNew = () => {
    release();
    scrolled.current = false;
    scroller.current?.scrollTo({ top: 0 });
  };
  const shown = list?.rows.find(({ id }) => id === selected) ?? list?.held.find(({ id }) => id === selected);
  return (
    <Page
      title="Orders"
      layout="fill"
      actions={
        <Tooltip content="Place an order" keys={keysOf('orders.new')}>
          <Button asChild variant="primary">
            <Link href="/orders/new" aria-label="Place an order">
              <Plus aria-hidden />
              <span className="max-md:hidden">Place an order</span>
            </Link>
          </Button>
        </Tooltip>
      }
    >
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <div className="flex min-h-10 flex-wrap items-center gap-2 border-b border-border px-4 py-1.5">
            <Select<OrderStatus | ''>
              ref={statusSelect}
              aria-label="Status"
              value={status ?? ''}
              onValueChange={(value) => void setUrl({ status: value || null }, { history: 'push' })}
              options={[
                { value: '', label: 'Any status' },
                ...orderStatuses.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
              ]}
            />
            <Select
              aria-label="Customer"
              value={customer ?? ''}
              onValueChange={(value) => void setUrl({ customer: value || null }, { history: 'push' })}
              options={[
                { value: '', label: 'Any customer' },
                ...customers.map(({ id, name }) => ({ value: id, label: name })),
              ]}
              className="max-w-48"
            />
            {status || customer ? (
              <Button
                variant="ghost"
                onClick={() => void setUrl({ status: null, customer: null }, { history: 'push' })}
              >
                Clear
              </Button>
            ) : null}
            <span className="ml-auto text-sm text-tertiary" role="status">
              {list ? `${list.rows.length}${list.hasMore ? '+' : ''} shown` : ''}
            </span>
          </div>
          {down && list ? <PartialNote>Orders may be out of date: {down}.</PartialNote> : null}
          <div ref={frame} className="relative min-h-0 flex-1">
            {list && list.held.length > 0 ? (
              <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
                <Button
                  variant="primary"
                  size="sm"
                  className="pointer-events-auto rounded-full shadow-float"
                  onClick={showNew}
                >
                  {list.held.length} new
                  <ArrowUp aria-hidden />
                </Button>
              </div>
            ) : null}
            {list === null ? (
              first.isError ? (
                <ErrorState
                  title="Orders cannot be read"
                  detail={first.error.message}
                  onRetry={() => void first.refetch()}
                />
              ) : (
                <SkeletonRows rows={16} label="Loading orders" />
              )
            ) : list.rows.length === 0 && list.held.length === 0 ? (
              status || customer ? (
                <EmptyState title="No order fits this filter">It fills as soon as one does.</EmptyState>
              ) : (
                <EmptyState title="No orders yet" command="npm run orrery -- order --count 5">
                  Every order appears here as it moves from created to confirmed.
                </EmptyState>
              )
            ) : (
              <OrderTable
                orders={list.rows}
                customers={names}
                selected={selected}
                onSelect={select}
                scrollRef={scroller}
                onScroll={(top) => {
                  scrolled.current = top > 16;
                  if (top <= 16 && list.held.length > 0 && !shouldHold()) release();
                }}
                footer={
                  list.hasMore ? (
                    <div className="flex items-center justify-center gap-2 py-2">
                      <Button onClick={loadOlder} aria-disabled={older === 'loading'}>
                        {older === 'loading' ? 'Loading…' : 'Older'}
                      </Button>
                      {older === 'failed' ? (
                        <span className="text-sm text-error">Could not be read, try again.</span>
                      ) : null}
                    </div>
                  ) : (
                    <p className="py-2 text-center text-sm text-tertiary">This is the oldest order.</p>
                  )
                }
              />
            )}
          </div>
        </div>
        {selected !== null ? (
          <SelectedOrder id={selected} known={shown ?? null} names={names} onClose={() => select(null)} />
        ) : null}
      </div>
    </Page>
  );
}

type SelectedOrderProps = {
  id: string;
  /** As the list has it; null when the list does not hold it. */
  known: Parameters<typeof OrderPanel>[0]['order'] | null;
  names: ReadonlyMap<string, string>;
  onClose: () => void;
};

function SelectedOrder({ id, known, names, onClose }: SelectedOrderProps) {
  const trpc = useTRPC();
  const read = useQuery(trpc.orders.timeline.queryOptions({ id }, { enabled: known === null }));
  const order = known ?? read.data?.order ?? null;
  return (
    <SidePanel
      kind="order"
      label={`Order ${shortId(id)}`}
      title={
        <>
          Order <span className="font-mono">{shortId(id)}</span>
        </>
      }
      href={`/orders/${id}`}
      onClose={onClose}
    >
      {order ? (
        <OrderPanel order={order} customer={names.get(order.customerId) ?? null} />
      ) : read.isError ? (
        <ErrorState title="This order cannot be read" detail={read.error.message} onRetry={() => void read.refetch()} />
      ) : (
        <SkeletonRows rows={10} label="Loading the order" />
      )}
    </SidePanel>
  );
}
