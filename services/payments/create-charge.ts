import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import type { Charge, ChargeCreate } from '#contracts/http/payments.ts';
import type { Logger } from '#kit/logger.ts';
import type { Database } from '#kit/postgres/database.ts';
import { answerDelayMs, cardBehaviour } from './card-behaviour.ts';
import { decideCharge } from './charge.ts';
import { oncePerKey } from './once-per-key.ts';
import { countAttempt, insertCharge } from './store.ts';

export type ProviderDeps = {
  database: Database;
  log: Logger;
  now: () => Date;
  /** Uniform in [0, 1). */
  random: () => number;
  /** The card that the bank takes this one for: the same, unless it is made to refuse it. */
  asSeenByBank: (request: ChargeCreate) => ChargeCreate['payment']['token'];
  /** A new id without its prefix. */
  newId: () => string;
};

/**
 * Charges a card once per idempotency key. The answer may come late (`tok_slow`), the charge never does: it is
 * committed before the wait. Throws `unavailable` for the first attempts of a flaky card, before anything happens.
 */
export async function createCharge(
  request: ChargeCreate,
  key: string,
  deps: ProviderDeps,
  signal: AbortSignal,
): Promise<Charge> {
  const { database, log, now } = deps;
  if (request.amount.amountMinor < 1) {
    throw new AppError('unprocessable', 'a charge must be at least 1 minor unit');
  }
  const behaviour = cardBehaviour(request.payment.token);
  if (behaviour.failFirstAttempts > 0 && (await countAttempt(database, key)) <= behaviour.failFirstAttempts) {
    throw new AppError('unavailable', 'the card network does not answer; nothing was charged, try again');
  }
  const { answer, replayed } = await oncePerKey(
    database,
    { key, operation: 'charge', body: request },
    now,
    async (tx) => {
      const seen = { ...request, payment: { ...request.payment, token: deps.asSeenByBank(request) } };
      const { charge, movement } = decideCharge(seen, { id: `ch_${deps.newId()}`, at: now() });
      insertCharge(tx, charge, movement);
      return charge;
    },
  );
  const fields = { orderId: answer.reference, chargeId: answer.id, status: answer.status };
  if (replayed) {
    log.info(fields, 'charge answered from its idempotency key');
    return answer;
  }
  log.info({ ...fields, amountMinor: answer.amount.amountMinor, declineCode: answer.declineCode }, 'charge decided');
  await answerLater(answerDelayMs(behaviour, deps.random), signal);
  return answer;
}

/** Throws `cancelled` when the caller did not wait for its answer; the charge stands all the same. */
async function answerLater(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(delayMs, undefined, { signal });
  } catch (cause) {
    throw new AppError('cancelled', 'the caller went away before its answer', { cause });
  }
}
