import { AppError } from '#contracts/errors.ts';
import {
  getReadModel,
  getTimeline,
  listOpenSagas,
  listOrders,
  orderStats,
  rebuildReadModel,
  sagaStats,
  streamOrders as streamRoute,
} from '#contracts/http/history.ts';
import type { Principal } from '#kit/auth.ts';
import { openEventStream } from '#kit/http/event-stream.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Queryable } from '#kit/postgres/database.ts';
import { foldOrder } from './fold-order.ts';
import type { Rebuilder } from './rebuild/rebuild.ts';
import { readOpenSagas, readSagaStats } from './saga-stats.ts';
import { sortByCausality } from './sort-by-causality.ts';
import { countByStatus, eventsOf, listViews } from './store.ts';
import { streamOrders } from './stream.ts';
import { toEntry, toEvent } from './timeline.ts';
import type { Updates } from './updates.ts';

export type HttpDeps = {
  db: Queryable;
  updates: Updates;
  rebuilder: Rebuilder;
  /** Messages that the read model has not taken in; null when the broker does not tell. */
  lag(): Promise<number | null>;
  /** Aborted when the process begins to stop: ends the open streams. */
  stopping: AbortSignal;
};

export function addRoutes(http: HttpServer, { db, updates, rebuilder, lag, stopping }: HttpDeps): void {
  http.route(listOrders, async ({ query, principal }) => {
    const customerId = visibleCustomer(principal, query.customerId);
    const views = await listViews(db, { ...query, customerId });
    return { status: 200, body: { orders: views.slice(0, query.limit), hasMore: views.length > query.limit } };
  });

  http.route(getTimeline, async ({ params, principal }) => {
    // Folded from these very events: a view read beside them could be ahead of them, or behind.
    const events = (await eventsOf(db, params.id)).map(({ event }) => event);
    const order = foldOrder(events.map(toEvent));
    // Somebody else's order does not exist, as far as a shopper can tell.
    if (order === null || (isShopper(principal) && order.customerId !== principal.subject)) {
      throw new AppError('not_found', `no order ${params.id} is known here (yet)`);
    }
    return { status: 200, body: { order, timeline: sortByCausality(events.map(toEntry)) } };
  });

  http.route(orderStats, async () => {
    const byStatus = await countByStatus(db);
    return { status: 200, body: { total: Object.values(byStatus).reduce((sum, count) => sum + count, 0), byStatus } };
  });

  http.route(getReadModel, async () => {
    const [byStatus, behind] = await Promise.all([countByStatus(db), lag()]);
    const orders = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
    return { status: 200, body: { orders, lag: behind, rebuild: rebuilder.current() } };
  });
  http.route(rebuildReadModel, async () => ({ status: 202, body: rebuilder.start() }));
  http.route(sagaStats, async ({ query }) => ({
    status: 200,
    body: await readSagaStats(db, query.windowSeconds, Date.now()),
  }));

  http.route(listOpenSagas, async ({ query }) => {
    const sagas = await readOpenSagas(db, query);
    return { status: 200, body: { sagas: sagas.slice(0, query.limit), hasMore: sagas.length > query.limit } };
  });

  http.route(streamRoute, async ({ query, raw, log }) => {
    const stream = openEventStream(raw, stopping);
    try {
      const position = lastEventId(raw.request.headers['last-event-id']);
      await streamOrders({ db, updates }, stream, { orderId: query.orderId, lastEventId: position });
    } catch (error) {
      // The status line is out. A closed stream makes the client come back with its Last-Event-ID.
      log.warn({ error }, 'event stream ended early');
      stream.close();
    }
    return undefined;
  });
}

function isShopper(principal: Principal): boolean {
  return !principal.roles.includes('operator') && !principal.roles.includes('auditor');
}

/** Whose orders the caller may list: a shopper their own, staff everybody's. Throws `forbidden`. */
function visibleCustomer(principal: Principal, asked: string | undefined): string | undefined {
  if (!isShopper(principal)) return asked;
  if (asked !== undefined && asked !== principal.subject) {
    throw new AppError('forbidden', 'a shopper sees only their own orders');
  }
  return principal.subject;
}

/** A missing or garbled Last-Event-ID means "live only", as the specification of EventSource wants it forgiven. */
function lastEventId(header: string | string[] | undefined): number | null {
  const position = Number(header);
  return header !== undefined && Number.isSafeInteger(position) && position > 0 ? position : null;
}
