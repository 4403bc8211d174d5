import { FileText, Mail, Waypoints } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { Ago } from '#components/ui/time.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { OrderView } from '#contracts/http/history.ts';
import { Fact, Facts } from './facts.tsx';
import { itemsText, tookMs } from './order-table.tsx';

export type OrderFactsProps = {
  order: OrderView;
  customer: string | null;
  onMail: () => void;
};

const door =
  'inline-flex min-h-6 items-center whitespace-nowrap gap-1 rounded-sm text-accent hover:underline [&_svg]:size-4 [&_svg]:stroke-[1.5]';

/** The header of an order's story. What is not there yet keeps its place, so nothing moves when it comes. */
export function OrderFacts({ order, customer, onMail }: OrderFactsProps) {
  const took = tookMs(order);
  const none = (word: string): ReactNode => <span className="text-tertiary">{word}</span>;
  return (
    <Facts className="px-4 py-3">
      <Fact label="Customer">
        <Link href={`/orders?customer=${order.customerId}`} className="rounded-sm hover:underline">
          {customer ?? shortId(order.customerId)}
        </Link>
      </Fact>
      <Fact label="Total">{formatMoney(order.total)}</Fact>
      <Fact label="Saga">
        <Link href={`/sagas?style=${order.sagaStyle}`} className="rounded-sm hover:underline">
          {order.sagaStyle}
        </Link>
      </Fact>
      <Fact label="Took" className="w-18">
        {took === null ? none('running') : durationText(took)}
      </Fact>
      <Fact label="Placed" className="w-22">
        <Ago atMs={Date.parse(order.createdAt)} />
      </Fact>
      <Fact label="Trace" className="w-22">
        {order.traceId ? (
          <Link href={`/traces/${order.traceId}`} className={door}>
            <Waypoints aria-hidden />
            <span className="font-mono">{order.traceId.slice(0, 8)}</span>
          </Link>
        ) : (
          none('not yet')
        )}
      </Fact>
      <Fact label="Invoice" className="w-36">
        {order.invoiceNumber ? (
          <a href={`/api/orders/${order.id}/invoice`} target="_blank" rel="noreferrer" className={door}>
            <FileText aria-hidden />
            {order.invoiceNumber}
          </a>
        ) : (
          none(order.status === 'cancelled' ? 'none' : 'not yet')
        )}
      </Fact>
      <Fact label="Mail" className="w-20">
        {order.notifications > 0 ? (
          <button type="button" className={door} onClick={onMail}>
            <Mail aria-hidden />
            {order.notifications} sent
          </button>
        ) : (
          none('not yet')
        )}
      </Fact>
      <Fact label="Items" className="min-w-40 flex-1 basis-60">
        <span className="truncate" title={itemsText(order)}>
          {itemsText(order)}
        </span>
      </Fact>
    </Facts>
  );
}
