import { z } from 'zod';
import { Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { OrderItem } from './orders.ts';
import { defineRoute } from './route.ts';

export const FraudRequest = z
  .object({ orderId: Uuid, customerId: Uuid, items: z.array(OrderItem).min(1), total: Money })
  .strict();
export type FraudRequest = z.infer<typeof FraudRequest>;

export const FraudScore = z.object({
  score: z.number().min(0).max(1).describe('0 harmless, 1 certain fraud'),
  decision: z.enum(['accept', 'reject']),
  model: z.string().describe('Model id, or `rule` when the model did not answer'),
  reasons: z.array(z.string()),
});
export type FraudScore = z.infer<typeof FraudScore>;

export const scoreFraud = defineRoute({
  method: 'POST',
  path: '/fraud/score',
  summary: 'How suspicious an order looks',
  body: FraudRequest,
  responses: { 200: FraudScore },
});
