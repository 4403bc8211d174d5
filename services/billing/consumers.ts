import type { Handlers } from '#kit/kafka/handlers.ts';
import { type TakePaymentDeps, takePayment } from './take-payment.ts';

export function consumers(deps: TakePaymentDeps): Handlers {
  return { 'inventory.reserved': takePayment(deps) };
}
