import Link from 'next/link';
import { shortId } from '#components/format/time.ts';
import { SagaStrip } from '#components/orders/saga-strip.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { OpenSagaState, OrderView } from '#contracts/http/history.ts';
import { OpenStateLabel } from './saga-state.tsx';
import { styleLooks } from './saga-styles.ts';

/** Sagas that have not ended, the one that has been silent longest first; each leads to its story. */
export function OpenSagaTable({ sagas }: { sagas: readonly { state: OpenSagaState; order: OrderView }[] }) {
  return (
    <Table label="Open sagas">
      <TableHead>
        <tr>
          <TableHeader>State</TableHeader>
          <TableHeader>Order</TableHeader>
          <TableHeader className="@max-[560px]:hidden">Style</TableHeader>
          <TableHeader className="@max-[480px]:hidden">Steps</TableHeader>
          <TableHeader className="@max-[700px]:hidden">Status</TableHeader>
          <TableHeader numeric>Last heard of</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {sagas.map(({ state, order }) => (
          <TableRow key={order.id} data-order={order.id}>
            <TableCell>
              <OpenStateLabel state={state} />
            </TableCell>
            <TableCell>
              <Link
                href={`/orders/${order.id}`}
                data-list-item
                title={order.id}
                className="rounded-sm py-0.5 font-mono text-accent hover:underline"
              >
                {shortId(order.id)}
              </Link>
            </TableCell>
            <TableCell className="text-secondary @max-[560px]:hidden">{styleLooks[order.sagaStyle].title}</TableCell>
            <TableCell className="@max-[480px]:hidden">
              <SagaStrip order={order} />
            </TableCell>
            <TableCell className="w-full text-secondary @max-[700px]:hidden">
              {order.status}
              {order.cancelReason ? `, ${order.cancelReason.replaceAll('_', ' ')}` : ''}
            </TableCell>
            <TableCell numeric className="text-secondary">
              <Ago atMs={Date.parse(order.updatedAt)} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
