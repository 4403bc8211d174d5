import { FileText, Waypoints } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { OrderView } from '#contracts/http/history.ts';
import { Fact, Facts } from './facts.tsx';
import { OrderLines } from './order-lines.tsx';
import { OrderStatusLabel } from './order-status.tsx';
import { tookMs } from './order-table.tsx';

export type OrderSummaryProps = {
  order: OrderView;
  customer: string | null;
  /** The saga's steps, or what stands for them while they load. */
  saga: ReactNode;
};

/** One order beside its list: what, for whom, how it went. */
export function OrderSummary({ order, customer, saga }: OrderSummaryProps) {
  const took = tookMs(order);
  return (
    <div className="flex flex-col">
      <Facts className="p-4">
        <Fact label="Status">
          <OrderStatusLabel status={order.status} />
        </Fact>
        <Fact label="Customer">{customer ?? shortId(order.customerId)}</Fact>
        <Fact label={took === null ? 'Placed' : 'Took'}>
          {took === null ? <Ago atMs={Date.parse(order.createdAt)} /> : durationText(took)}
        </Fact>
        {order.cancelReason ? <Fact label="Reason">{order.cancelReason.replaceAll('_', ' ')}</Fact> : null}
        <Fact label="Order id" className="w-full">
          <span className="truncate font-mono text-sm">{order.id}</span>
          <CopyButton value={order.id} label="Copy order id" />
        </Fact>
      </Facts>
      <div className="flex flex-wrap gap-2 px-4 pb-4">
        <Button asChild>
          <Link href={`/orders/${order.id}`}>Events and logs</Link>
        </Button>
        {order.traceId ? (
          <Button asChild>
            <Link href={`/traces/${order.traceId}`}>
              <Waypoints aria-hidden />
              Trace
            </Link>
          </Button>
        ) : null}
        {order.invoiceNumber ? (
          <Button asChild>
            <a href={`/api/orders/${order.id}/invoice`} target="_blank" rel="noreferrer">
              <FileText aria-hidden />
              Invoice
            </a>
          </Button>
        ) : null}
      </div>
      <section aria-label="Saga" className="border-t border-border">
        {saga}
      </section>
      <section aria-label="Items" className="border-t border-border px-4 py-2">
        <OrderLines order={order} />
      </section>
    </div>
  );
}
