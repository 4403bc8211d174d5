'use client';

import Link from 'next/link';
import { memo, type ReactNode, type Ref } from 'react';
import { duration } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { OrderView } from '#contracts/http/history.ts';
import { OrderStatusLabel } from './order-status.tsx';
import { SagaStrip } from './saga-strip.tsx';

export type OrderTableProps = {
  orders: readonly OrderView[];
  /** Names by customer id. */
  customers: ReadonlyMap<string, string>;
  selected: string | null;
  onSelect: (id: string) => void;
  /** The element that scrolls. */
  scrollRef: Ref<HTMLElement>;
  onScroll: (scrollTop: number) => void;
  /** Below the last row. */
  footer: ReactNode;
};

/** Orders, newest first. Scrolls inside itself, with its head in sight. */
export function OrderTable({ orders, customers, selected, onSelect, scrollRef, onScroll, footer }: OrderTableProps) {
  return (
    <section
      ref={scrollRef}
      data-slot="table-scroll"
      aria-label="Orders"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable to scroll by keyboard
      tabIndex={0}
      onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
      className="@container h-full overflow-auto overscroll-contain"
    >
      <table data-slot="table" className="w-full border-collapse text-sm">
        <TableHead className="bg-canvas">
          <tr>
            <TableHeader>Status</TableHeader>
            <TableHeader>Order</TableHeader>
            <TableHeader className={third}>Customer</TableHeader>
            <TableHeader className={second}>Items</TableHeader>
            <TableHeader className={first}>Saga</TableHeader>
            <TableHeader numeric>Total</TableHeader>
            <TableHeader numeric className={first}>
              Took
            </TableHeader>
            <TableHeader numeric className="min-w-24 max-md:min-w-0">
              Placed
            </TableHeader>
          </tr>
        </TableHead>
        <tbody>
          {orders.map((order) => (
            <OrderRow
              key={order.id}
              order={order}
              customer={customers.get(order.customerId) ?? null}
              selected={selected === order.id}
              following={selected !== null}
              onSelect={onSelect}
            />
          ))}
        </tbody>
      </table>
      {footer}
    </section>
  );
}

// What goes first when it gets narrow.
const first = '@max-[560px]:hidden';
const second = '@max-[700px]:hidden';
const third = '@max-[820px]:hidden';

type RowProps = {
  order: OrderView;
  customer: string | null;
  selected: boolean;
  /** A panel is open: it follows the focus. */
  following: boolean;
  onSelect: (id: string) => void;
};

const OrderRow = memo(function OrderRow({ order, customer, selected, following, onSelect }: RowProps) {
  return (
    <TableRow
      data-selected={selected}
      data-order={order.id}
      onClick={() => onSelect(order.id)}
      className="cursor-default"
    >
      <TableCell className="w-32">
        <OrderStatusLabel status={order.status} />
      </TableCell>
      <TableCell className="w-24">
        <Link
          href={`/orders/${order.id}`}
          title={order.id}
          data-list-item
          aria-current={selected ? 'true' : undefined}
          onClick={(event) => {
            event.stopPropagation();
            // Enter opens the panel first, and the page when the panel is open; a click on an id opens its page.
            if (event.detail !== 0 || selected || event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            onSelect(order.id);
          }}
          onFocus={(event) => {
            if (following && !selected && event.currentTarget.matches(':focus-visible')) onSelect(order.id);
          }}
          className="rounded-sm py-0.5 font-mono text-accent hover:underline"
        >
          {shortId(order.id)}
        </Link>
      </TableCell>
      <TableCell className={third}>
        <span className="block max-w-44 truncate">{customer ?? shortId(order.customerId)}</span>
      </TableCell>
      <TableCell className={`w-full max-w-0 ${second}`}>
        <span className="block truncate text-secondary">{itemsText(order)}</span>
      </TableCell>
      <TableCell className={first}>
        <SagaStrip order={order} />
      </TableCell>
      <TableCell numeric>{formatMoney(order.total)}</TableCell>
      <TableCell numeric className={first}>
        <Quantity of={order.finishedAt === null ? null : duration(tookMs(order) ?? 0)} />
      </TableCell>
      <TableCell numeric className="text-secondary">
        <Ago atMs={Date.parse(order.createdAt)} />
      </TableCell>
    </TableRow>
  );
});

/** `2 × Halden desk lamp, Dot-grid notebook, A5`. */
export function itemsText({ lines }: Pick<OrderView, 'lines'>): string {
  return lines.map(({ qty, name }) => (qty === 1 ? name : `${qty} × ${name}`)).join(', ');
}

/** Milliseconds from placing to confirmed or cancelled; null while it has not ended. */
export function tookMs({ createdAt, finishedAt }: Pick<OrderView, 'createdAt' | 'finishedAt'>): number | null {
  return finishedAt === null ? null : Math.max(0, Date.parse(finishedAt) - Date.parse(createdAt));
}
