import type { DeclineCode } from '#contracts/http/payments.ts';

export type Screening = { score: number; decision: 'accept' | 'reject'; model: string; reasons: string[] };
export type Shortage = { sku: string; requested: number; available: number };

/**
 * What an order can be told, by the rest of the fleet, by its customer and by the clock. The same in both styles: they
 * differ in what follows from it.
 */
export type OrderFact =
  | ({ type: 'screened' } & Screening)
  | { type: 'stock_reserved'; reservationId: string }
  | { type: 'stock_rejected'; shortages: Shortage[] }
  /** `expired`: nobody asked for it, the promise ran out. */
  | { type: 'stock_released'; expired: boolean }
  | { type: 'stock_committed' }
  | { type: 'payment_succeeded'; chargeId: string }
  | { type: 'payment_failed'; declineCode: DeclineCode }
  /** Voided or refunded: no money of the customer is held, and none will be taken. */
  | { type: 'payment_undone' }
  | { type: 'invoice_issued' }
  | { type: 'customer_notified'; of: 'order_confirmed' | 'order_cancelled' }
  | { type: 'cancellation_requested'; requestedBy: 'customer' | 'staff' }
  | { type: 'timed_out'; timer: string; attempt: number };

export type FactOf<T extends OrderFact['type']> = Extract<OrderFact, { type: T }>;
