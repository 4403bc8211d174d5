import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import type { HandlerTable, MessageContext } from '../kafka/handlers.ts';
import type { Incoming } from '../kafka/incoming.ts';
import type { FaultAgent, Struck } from './agent.ts';

/** Offers what can happen to the messages of a consumer; returns what each record is passed through. */
export function interceptConsumer(faults: FaultAgent, handlers: HandlerTable): (incoming: Incoming) => Incoming {
  const knows = (only: string) => handlers.has(only);
  faults.offer('slow-consumer', { knows });
  faults.offer('poison', { knows });
  faults.offer('failing', { knows });
  let queue = Promise.resolve();

  /** One after the other, as a consumer that has more to do than it can. */
  function wait({ fault, signal }: Struck<'slow-consumer'>, stopping: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, stopping]);
    queue = queue.then(() => sleep(fault.delayMs, undefined, { signal: either }).catch(() => {}));
    return queue;
  }

  async function strike(event: string, { attempt, signal }: MessageContext): Promise<void> {
    const slow = faults.strike('slow-consumer', event);
    if (slow !== null) await wait(slow, signal);
    if (faults.strike('poison', event, { fits: ({ messages }, hits) => hits < messages }) !== null)
      throw new AppError('unprocessable', 'poisoned on purpose: a fault is on');
    const failing = faults.strike('failing', event, { fits: ({ failures }) => attempt <= failures });
    if (failing === null) return;
    const message = `attempt ${attempt} fails on purpose: a fault is on`;
    throw failing.fault.as === 'bug' ? new TypeError(message) : new AppError('unavailable', message);
  }

  return (incoming) => {
    if (incoming.kind !== 'delivery' || !faults.isArmed()) return incoming;
    const { handler, event } = incoming;
    return {
      ...incoming,
      // Within the span of the attempt, and before its transaction: neighbours that share one are not touched.
      handler: {
        ...handler,
        prepare: async (given, context) => {
          await strike(event.event, context);
          return handler.prepare(given, context);
        },
      },
    };
  };
}
