import { formatMoney } from '#contracts/format-money.ts';
import type { OrderView } from '#contracts/http/history.ts';

/** What was bought: a short table with the total below. */
export function OrderLines({ order }: { order: Pick<OrderView, 'lines' | 'total'> }) {
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">Items</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Quantity</th>
          <th scope="col">Product</th>
          <th scope="col">Price</th>
        </tr>
      </thead>
      <tbody>
        {order.lines.map(({ sku, name, qty, lineTotal }) => (
          <tr key={sku} className="h-7">
            <td className="numeric w-10 pr-2 text-secondary">{qty} ×</td>
            <td className="max-w-0 truncate" title={`${name} (${sku})`}>
              {name}
            </td>
            <td className="numeric w-24">{formatMoney(lineTotal)}</td>
          </tr>
        ))}
        <tr className="h-7 border-t border-border font-medium">
          <td />
          <td>Total</td>
          <td className="numeric">{formatMoney(order.total)}</td>
        </tr>
      </tbody>
    </table>
  );
}
