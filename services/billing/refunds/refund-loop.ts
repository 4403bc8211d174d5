import { setTimeout as sleep } from 'node:timers/promises';
import { attributes } from '#contracts/telemetry/attributes.ts';
import { enqueue } from '#kit/outbox/enqueue.ts';
import { createWakeUp } from '#kit/outbox/wake-up.ts';
import type { Service } from '#kit/service.ts';
import { withoutTracing, withSpan } from '#kit/telemetry/spans.ts';
import { appendToLedger, findPayment, savePayment } from '../store.ts';
import type { TakePaymentDeps } from '../take-payment.ts';
import { refundBackoffMs, refunded, refundKey, stuckAfterAttempts } from '../undo.ts';
import { type DueRefund, finishRefund, leaseRefund, postponeRefund, refundHint } from './store.ts';

const pollMs = 1_000;
/** Longer than all tries of one call to the provider. */
const leaseMs = 30_000;
const runbook = 'docs/runbooks/stuck-compensation.md';

/**
 * Makes the refunds that are due until the service stops: asks the provider under a key made of the order id, then
 * books the refund, announces it and ticks it off in one transaction. A crash in between asks again and gets the same
 * refund. What fails is tried again for ever, with growing pauses, and is reported as stuck after six tries.
 */
export function startRefunds(service: Service, deps: TakePaymentDeps): void {
  const wakeUp = createWakeUp();
  const stopListening = deps.database.listen(refundHint, wakeUp.wake);
  const { log, signal } = service;

  async function runForever(): Promise<void> {
    while (!signal.aborted) {
      const due = await leaseRefund(deps.database, deps.now(), leaseMs).catch((error: unknown) => {
        log.warn({ error }, 'refunds cannot be looked up, they wait');
        return null;
      });
      if (due === null) await wakeUp.wait(pollMs, signal);
      else await tryRefund(due);
    }
  }

  async function tryRefund(due: DueRefund): Promise<void> {
    const { orderId, paymentId, attempt } = due;
    try {
      await withSpan('refund', { parent: due.trace, attributes: { [attributes.orderId]: orderId } }, () =>
        makeRefund(deps, due, signal),
      );
      log.info({ orderId, paymentId, attempt }, 'payment refunded');
    } catch (error) {
      if (signal.aborted) return;
      const delayMs = refundBackoffMs(attempt, Math.random);
      const why = error instanceof Error ? error.message : String(error);
      const nextAttemptAt = new Date(deps.now().getTime() + delayMs);
      await postponeRefund(deps.database, paymentId, nextAttemptAt, why).catch(() => {});
      const fields = { orderId, paymentId, attempt, delayMs, error };
      if (attempt < stuckAfterAttempts) log.warn(fields, 'refund failed, it will be tried again');
      else log.error({ ...fields, runbook }, 'refund is stuck');
      // A database that is away fails everything at once: not in a tight loop.
      await sleep(100, undefined, { signal }).catch(() => {});
    }
  }

  const running = withoutTracing(runForever);
  service.shutdown.add('refunds', async () => {
    await running;
    stopListening();
  });
}

async function makeRefund(deps: TakePaymentDeps, { orderId, cause }: DueRefund, signal: AbortSignal): Promise<void> {
  const { database, provider, newId, now, producer } = deps;
  const { chargeId, amount } = await findPayment(database, orderId, '');
  const refund = await provider.refund({ chargeId: chargeId ?? '', amount, orderId }, refundKey(orderId), signal);
  await database.transaction(async (tx) => {
    const done = refunded(await findPayment(tx, orderId, 'for update'), refund.id, newId());
    if (done === null) return;
    const { payment, ledger } = done;
    savePayment(tx, payment, now());
    appendToLedger(tx, ledger, now());
    finishRefund(tx, payment.id, refund.id, now());
    const { id: paymentId, version, undoReason } = payment;
    await enqueue(tx, {
      event: 'payment.refunded',
      data: {
        orderId,
        paymentId,
        chargeId: refund.chargeId,
        refundId: refund.id,
        amount,
        reason: undoReason ?? 'customer_request',
      },
      producer,
      orderId,
      aggregateType: 'payment',
      aggregateVersion: version,
      cause,
    });
  });
}
