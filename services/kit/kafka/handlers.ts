import type { EventName } from '#contracts/events/events.ts';
import type { EventOf, KnownEvent } from '#contracts/events/registry.ts';
import type { Logger } from '../logger.ts';
import type { Tx } from '../postgres/database.ts';

/** Where a message came from, and what a handler may use. */
export type MessageContext = {
  topic: string;
  partition: number;
  offset: string;
  /** How many times this message has been tried, from 1; those of the retry tiers count too. */
  attempt: number;
  log: Logger;
  /** Aborted when the process stops: give up waiting, the message will be delivered again. */
  signal: AbortSignal;
};

/** Changes state in the message's transaction. Everything it does must go through `tx`. */
export type Handler<N extends EventName> = (tx: Tx, event: EventOf<N>, context: MessageContext) => Promise<void>;

/** One message of several that are handled together. */
export type DeliveredEvent = { event: KnownEvent; context: MessageContext };

/**
 * For handlers that must ask another process: `prepare` runs before the transaction opens, so no connection waits on
 * the network. It may run again for the same message (crash, retry), so what it calls must be idempotent.
 */
export type PreparedHandler<N extends EventName> = {
  /** False for an event that is nothing to us; it is skipped without touching the database. All are ours when absent. */
  wants?: (event: EventOf<N>) => boolean;
  prepare: (event: EventOf<N>, context: MessageContext) => Promise<unknown>;
  apply: (tx: Tx, event: EventOf<N>, prepared: unknown, context: MessageContext) => Promise<void>;
  /**
   * Names of the rows, besides those of its own key, that the handler reads to decide. Messages that share one are
   * handled one after the other when they share a transaction, so that each sees what the one before wrote.
   */
  rows?: (event: EventOf<N>) => readonly string[];
  /** Does what `apply` does for many messages at once; for them, whatever their keys. In the order of arrival. */
  applyAll?: (tx: Tx, deliveries: readonly DeliveredEvent[]) => Promise<void>;
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

/**
 * Narrows a handler to the events that it wants, by the style of their saga and nothing finer: whoever has handled one
 * event of a kind is held by the auditor to handle them all.
 */
export function when<N extends EventName>(
  wants: (event: EventOf<N>) => boolean,
  handler: Handler<N> | PreparedHandler<N>,
): PreparedHandler<N> {
  return { ...toPrepared(handler), wants };
}

/** A handler that decides by rows which other keys change too: see `PreparedHandler.rows`. */
export function sharing<N extends EventName>(
  rows: (event: EventOf<N>) => readonly string[],
  handler: Handler<N> | PreparedHandler<N>,
): PreparedHandler<N> {
  return { ...toPrepared(handler), rows };
}

/** The same handler for every event, taking in many at once, e.g. for a read model. */
export function everyEvent(
  names: readonly EventName[],
  applyAll: (tx: Tx, deliveries: readonly DeliveredEvent[]) => Promise<void>,
): Handlers {
  const handler: PreparedHandler<EventName> = {
    prepare: noPreparation,
    apply: (tx, event, _, context) => applyAll(tx, [{ event: event as KnownEvent, context }]),
    applyAll,
  };
  return Object.fromEntries(names.map((name) => [name, handler])) as Handlers;
}

/** One handler per event that this consumer cares about. Other events are skipped without touching the database. */
export type Handlers = { [N in EventName]?: Handler<N> | PreparedHandler<N> };

/** Handlers in one form, by event name. */
export type HandlerTable = ReadonlyMap<string, PreparedHandler<EventName>>;

export function handlerTable(handlers: Handlers): HandlerTable {
  const all = Object.entries(handlers) as [EventName, Handler<EventName> | PreparedHandler<EventName>][];
  return new Map(all.map(([name, handler]) => [name, toPrepared(handler)]));
}

function toPrepared<N extends EventName>(handler: Handler<N> | PreparedHandler<N>): PreparedHandler<N> {
  if (typeof handler !== 'function') return handler;
  return { prepare: noPreparation, apply: (tx, event, _, context) => handler(tx, event, context) };
}

/** Stands for "nothing to prepare", so that the consumer can skip the step. */
async function noPreparation(): Promise<undefined> {}

export function needsPreparation(handler: PreparedHandler<EventName>): boolean {
  return handler.prepare !== noPreparation;
}
