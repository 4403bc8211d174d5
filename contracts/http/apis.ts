import { listPayments } from './billing.ts';
import { listPrices, listProducts, listStock, recommendProducts, restock, searchProducts } from './catalogue.ts';
import { scoreFraud } from './fraud.ts';
import {
  getReadModel,
  getTimeline,
  listOpenSagas,
  listOrders,
  orderStats,
  rebuildReadModel,
  sagaStats,
  streamOrders,
} from './history.ts';
import { listKeys, rotateKeys } from './identity.ts';
import type { Api } from './openapi.ts';
import { cancelOrder, getOrder, placeOrder } from './orders.ts';
import { createCharge, createRefund, listCharges } from './payments.ts';
import { describePayment, getSaga } from './sagas.ts';
import { getInvoicePdf, listMail } from './workers.ts';

const api = (
  title: string,
  description: string,
  routes: Api['routes'],
  more: Pick<Api, 'edge' | 'everyAnswer'> = {},
): Api => ({
  title,
  version: '1.0.0',
  description,
  routes,
  ...more,
});

/** Every HTTP API of the fleet, by process name; OpenAPI documents are rendered from it. */
export const apis = {
  gateway: api(
    'Orrery API',
    'What the outside world may call',
    [
      placeOrder,
      listOrders,
      getOrder,
      cancelOrder,
      getSaga,
      describePayment,
      getTimeline,
      orderStats,
      listOpenSagas,
      sagaStats,
      streamOrders,
      getReadModel,
      rebuildReadModel,
      listProducts,
      searchProducts,
      recommendProducts,
      restock,
      getInvoicePdf,
      listMail,
      listPayments,
    ],
    { edge: true },
  ),
  identity: api('Identity', 'Signing keys; the rest is OpenID Connect', [listKeys, rotateKeys]),
  billing: api('Billing', 'Payments and the money ledger', [listPayments]),
  history: api('History', 'The denormalised read model', [
    listOrders,
    getTimeline,
    orderStats,
    listOpenSagas,
    sagaStats,
    streamOrders,
    getReadModel,
    rebuildReadModel,
  ]),
  orders: api('Orders', 'Accepts orders and owns their state', [
    placeOrder,
    getOrder,
    cancelOrder,
    getSaga,
    describePayment,
  ]),
  inventory: api('Inventory', 'Products and stock', [listStock, restock]),
  pricing: api('Pricing', 'Prices; quotes are gRPC', [listPrices]),
  inference: api('Inference', 'Search, recommendations and fraud score', [
    searchProducts,
    recommendProducts,
    scoreFraud,
  ]),
  payments: api('Payments', 'The simulated payment provider', [createCharge, createRefund, listCharges], {
    everyAnswer: { 'x-simulated': 'Says that no money moves here' },
  }),
  workers: api('Workers', 'Invoices and the dev mailbox', [getInvoicePdf, listMail]),
} as const satisfies Record<string, Api>;
