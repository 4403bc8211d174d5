import { z } from 'zod';
import { OrderItem, OrderLine, PaymentMethod } from '../http/orders.ts';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';

/** What the next step needs travels with the message (event-carried state), so nobody has to ask back. */
export const PayableOrder = z.object({
  orderId: Uuid,
  customerId: Uuid,
  items: z.array(OrderItem).min(1),
  total: Money,
  payment: PaymentMethod,
});

/** What a sold order's papers are made of. */
export const ConfirmedOrder = z.object({
  orderId: Uuid,
  customerId: Uuid,
  lines: z.array(OrderLine).min(1),
  total: Money,
  chargeId: z.string(),
  confirmedAt: Instant,
});
