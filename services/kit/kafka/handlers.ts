import type { EventName } from '#contracts/events/events.ts';
import type { EventOf, KnownEvent } from '#contracts/events/registry.ts';
import type { Logger } from '../logger.ts';
import type { Tx } from '../postgres/database.ts';

/** Where a message came from, and what a handler may use. */
export type MessageContext = {
  topic: string;
  partition: number;
  offset: string;
  /** How many times this delivery has been tried, from 1. */
  attempt: number;
  log: Logger;
  /** Aborted when the process stops: give up waiting, the message will be delivered again. */
  signal: AbortSignal;
};

/** Changes state in the message's transaction. Everything it does must go through `tx`. */
export type Handler<N extends EventName> = (tx: Tx, event: EventOf<N>, context: MessageContext) => Promise<void>;

/**
 * For handlers that must ask another process: `prepare` runs before the transaction opens, so no connection waits on
 * the network. It may run again for the same message (crash, retry), so what it calls must be idempotent.
 */
export type PreparedHandler<N extends EventName> = {
  /** False for an event that is nothing to us; it is skipped without touching the database. All are ours when absent. */
  wants?: (event: EventOf<N>) => boolean;
  prepare: (event: EventOf<N>, context: MessageContext) => Promise<unknown>;
  apply: (tx: Tx, event: EventOf<N>, prepared: unknown, context: MessageContext) => Promise<void>;
};

/** Builds a `PreparedHandler`, with the type of what `prepare` returns carried over to `apply`. */
export function prepared<N extends EventName, P>(handler: {
  prepare: (event: EventOf<N>, context: MessageContext) => Promise<P>;
  apply: (tx: Tx, event: EventOf<N>, prepared: P, context: MessageContext) => Promise<void>;
}): PreparedHandler<N> {
  return {
    prepare: handler.prepare,
    apply: (tx, event, value, context) => handler.apply(tx, event, value as P, context),
  };
}

/** Narrows a handler to the events that it wants, by what they say. */
export function when<N extends EventName>(
  wants: (event: EventOf<N>) => boolean,
  handler: Handler<N> | PreparedHandler<N>,
): PreparedHandler<N> {
  return { ...toPrepared(handler), wants };
}

/** One handler per event that this consumer cares about. Other events are skipped without touching the database. */
export type Handlers = { [N in EventName]?: Handler<N> | PreparedHandler<N> };

/** Stands for "nothing to prepare", so that the consumer can skip the step. */
export async function noPreparation(): Promise<undefined> {}

/** Picks the handler of an event; undefined when the consumer does not care. */
export function handlerFor(handlers: Handlers, event: KnownEvent): PreparedHandler<EventName> | undefined {
  const handler = handlers[event.event] as Handler<EventName> | PreparedHandler<EventName> | undefined;
  if (handler === undefined) return undefined;
  const found = toPrepared(handler);
  return found.wants === undefined || found.wants(event) ? found : undefined;
}

function toPrepared<N extends EventName>(handler: Handler<N> | PreparedHandler<N>): PreparedHandler<N> {
  if (typeof handler !== 'function') return handler;
  return { prepare: noPreparation, apply: (tx, known, _, context) => handler(tx, known, context) };
}

/** The same handler for every event, e.g. for a read model. */
export function everyEvent(
  names: readonly EventName[],
  handler: (tx: Tx, event: KnownEvent, context: MessageContext) => Promise<void>,
): Handlers {
  return Object.fromEntries(names.map((name) => [name, handler])) as Handlers;
}
