import type { Queryable } from '#kit/postgres/database.ts';
import type { Answers } from '#kit/request-reply/responder.ts';
import { listPayments } from './store.ts';

/** What billing answers when it is asked over the bus. */
export function answers(database: Queryable): Answers {
  return {
    'billing.describe_payment': async ({ orderId }) => {
      const [found] = await listPayments(database, orderId, 1);
      if (found === undefined) return { payment: null };
      const { ledger: _ledger, ...payment } = found;
      return { payment };
    },
  };
}
