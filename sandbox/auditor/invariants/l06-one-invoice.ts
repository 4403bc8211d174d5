import { terminal } from '../evidence/dossier.ts';
import { orderInvariant } from './invariant.ts';

export const l06 = orderInvariant({
  id: 'L6',
  name: 'One invoice, one notification',
  kind: 'liveness',
  statement:
    'A confirmed order has exactly one invoice over its total and exactly one mail about it, and its goods have left; a cancelled one has no invoice and one mail.',
  deadlineMs: 30_000,
  check({ order, invoices, mails, stockMovements }) {
    if (order === null || !terminal.has(order.status)) return { evidence: {}, problem: null };
    const evidence = { orders: 1, invoices: invoices.length, mails: mails.length };
    const confirmed = order.status === 'confirmed';
    const sent = mails.filter(({ kind }) => kind === `order_${order.status}`).length;
    const wanted = order.lines.reduce((sum, { qty }) => sum + qty, 0);
    const goods = -stockMovements.reduce((sum, { delta }) => sum + delta, 0);
    const wrong = [
      ...(invoices.length === (confirmed ? 1 : 0) ? [] : [`it has ${invoices.length} invoices`]),
      ...(sent === 1 ? [] : [`${sent} mails say so`]),
      ...(mails.length === sent ? [] : [`${mails.length - sent} mails say otherwise`]),
      ...(confirmed && goods !== wanted ? [`${goods} of ${wanted} pieces have left`] : []),
      ...invoices
        .filter(({ totalMinor, currency }) => totalMinor !== order.totalMinor || currency !== order.currency)
        .map(({ number, totalMinor }) => `invoice ${number} is over ${totalMinor} instead of ${order.totalMinor}`),
    ];
    return { evidence, problem: wrong.length === 0 ? null : `The order is ${order.status}; ${wrong.join(', ')}.` };
  },
});
