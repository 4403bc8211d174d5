import { fleetInvariant } from './invariant.ts';

export type Books = {
  entries: number;
  transactions: number;
  unbalanced: { transactionId: string; orderId: string | null; currency: string; sumMinor: number }[];
  /** Sum over all accounts, by currency: 0 in a closed system. */
  totals: { currency: string; sumMinor: number }[];
  /** What the books say the provider owes us, against what the provider's ledger says; only when nothing moves. */
  receivable: { currency: string; booksMinor: number; providerMinor: number }[] | null;
};

export const s04 = fleetInvariant<Books>({
  id: 'S4',
  name: 'Double entry',
  kind: 'safety',
  statement:
    'Every transaction of the money ledger sums to 0, so the money in the system is constant; in the final audit the provider’s ledger adds up to what the books say it owes.',
  deadlineMs: null,
  everyMs: 5_000,
  async load({ databases, final }) {
    const [sums, unbalanced] = await Promise.all([
      databases.query<{
        currency: string;
        sumMinor: number;
        entries: number;
        transactions: number;
        receivable: number;
      }>(
        'billing',
        `select currency, sum(amount_minor) as "sumMinor", count(*)::int as entries,
           count(distinct transaction_id)::int as transactions,
           coalesce(sum(amount_minor) filter (where account = 'provider_receivable'), 0) as receivable
         from ledger_entry group by currency`,
      ),
      databases.query<Books['unbalanced'][number]>(
        'billing',
        `select e.transaction_id as "transactionId", max(p.order_id::text) as "orderId", e.currency, sum(e.amount_minor) as "sumMinor"
         from ledger_entry e join ledger_transaction t on t.id = e.transaction_id join payment p on p.id = t.payment_id
         group by e.transaction_id, e.currency having sum(e.amount_minor) <> 0 limit 20`,
      ),
    ]);
    const provider = final
      ? await databases.query<{ currency: string; net: number }>(
          'payments',
          `select currency, sum(case kind when 'capture' then amount_minor else -amount_minor end) as net
           from ledger_movement group by currency`,
        )
      : null;
    const currencies = new Set([...sums, ...(provider ?? [])].map(({ currency }) => currency));
    return {
      entries: sums.reduce((sum, row) => sum + row.entries, 0),
      transactions: sums.reduce((sum, row) => sum + row.transactions, 0),
      unbalanced,
      totals: sums.map(({ currency, sumMinor }) => ({ currency, sumMinor })),
      receivable:
        provider &&
        [...currencies].map((currency) => ({
          currency,
          booksMinor: sums.find((row) => row.currency === currency)?.receivable ?? 0,
          providerMinor: provider.find((row) => row.currency === currency)?.net ?? 0,
        })),
    };
  },
  check: ({ entries, transactions, unbalanced, totals, receivable }) => ({
    evidence: { 'ledger transactions': transactions, 'ledger entries': entries },
    violations: [
      ...unbalanced.map(({ transactionId, orderId, currency, sumMinor }) => ({
        subject: orderId ?? transactionId,
        orderId,
        problem: `Transaction ${transactionId} sums to ${sumMinor} ${currency} (minor units).`,
      })),
      ...totals
        .filter(({ sumMinor }) => sumMinor !== 0)
        .map(({ currency, sumMinor }) => ({
          subject: currency,
          orderId: null,
          problem: `All accounts together hold ${sumMinor} ${currency} (minor units) instead of 0.`,
        })),
      ...(receivable ?? [])
        .filter(({ booksMinor, providerMinor }) => booksMinor !== providerMinor)
        .map(({ currency, booksMinor, providerMinor }) => ({
          subject: currency,
          orderId: null,
          problem: `The books say that the provider owes ${booksMinor} ${currency}, its ledger says ${providerMinor} (minor units).`,
        })),
    ],
  }),
});
