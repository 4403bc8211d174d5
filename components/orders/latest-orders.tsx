import Link from 'next/link';
import { shortId } from '#components/format/time.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { OrderView } from '#contracts/http/history.ts';
import { OrderStatusLabel } from './order-status.tsx';

/** The newest orders, for a narrow panel. */
export function LatestOrders({ orders }: { orders: readonly OrderView[] }) {
  return (
    <Table label="Latest orders">
      <TableHead>
        <tr>
          <TableHeader>Order</TableHeader>
          <TableHeader>Status</TableHeader>
          <TableHeader numeric>Total</TableHeader>
          <TableHeader numeric>Placed</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {orders.map((order) => (
          <TableRow key={order.id}>
            <TableCell>
              <Link
                href={`/orders/${order.id}`}
                title={order.id}
                className="rounded-sm font-mono text-accent hover:underline"
              >
                {shortId(order.id)}
              </Link>
            </TableCell>
            <TableCell>
              <OrderStatusLabel status={order.status} />
            </TableCell>
            <TableCell numeric>{formatMoney(order.total)}</TableCell>
            <TableCell numeric className="text-secondary">
              <Ago atMs={Date.parse(order.createdAt)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
