/** Places orders at a rate (open loop) and follows them until each has ended. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { terminalStatuses } from '#contracts/http/orders.ts';
import { until } from '../../supervisor/until.ts';
import type { GatewayClient } from './gateway-client.ts';
import { makeOrder, type OrderDraft, type Preset } from './make-order.ts';

export type Outcome = {
  id: string | null;
  status: string;
  cancelReason: string | null;
  traceId: string | null;
  /** From the first attempt to the acknowledgement, milliseconds. */
  acceptedMs: number | null;
  /** From creation to the terminal event by the services' clocks, milliseconds. */
  finishedMs: number | null;
  error: string | null;
};

export type PlaceOptions = {
  count: number;
  ratePerSecond: number;
  preset: Preset | null;
  /** The same order each time, instead of one of the preset; null for none. */
  order?: OrderDraft | null;
  /** What every order has, whatever else is in it. */
  every?: Partial<OrderDraft>;
  /** How long one order is tried again while the gateway is away or asks for patience. */
  retryMs: number;
  signal: AbortSignal;
};

/** Longest pause between two attempts of one order, milliseconds. */
const longestPauseMs = 2_000;

export async function placeOrders(client: GatewayClient, options: PlaceOptions): Promise<Outcome[]> {
  const products = await client.products();
  const startedAt = performance.now();
  const placing = Array.from({ length: options.count }, async (_, index) => {
    const dueMs = startedAt + (index / options.ratePerSecond) * 1_000 - performance.now();
    if (dueMs > 0) await delay(dueMs, undefined, { signal: options.signal }).catch(() => {});
    const order = options.order ?? makeOrder(products, options.preset, Math.random);
    return placeOne(client, { ...order, ...options.every }, options);
  });
  return Promise.all(placing);
}

async function placeOne(
  client: GatewayClient,
  order: ReturnType<typeof makeOrder>,
  { retryMs, signal }: PlaceOptions,
): Promise<Outcome> {
  // One key for all attempts makes them one order, even where the answer to the first was lost.
  const key = randomUUID();
  const startedAt = performance.now();
  let why = 'not tried';
  for (let attempt = 0; performance.now() - startedAt < retryMs && !signal.aborted; attempt += 1) {
    const placed = await client.place(order, key, signal).catch((error: unknown) => ({
      outcome: 'again' as const,
      why: error instanceof Error ? error.message : String(error),
      retryAfterMs: null,
    }));
    if (placed.outcome === 'accepted') {
      return outcome({ id: placed.id, status: 'accepted', acceptedMs: round(performance.now() - startedAt) });
    }
    why = placed.why;
    if (placed.outcome === 'refused') break;
    const pauseMs = placed.retryAfterMs ?? Math.min(longestPauseMs, 100 * 2 ** attempt);
    // A little apart, so that those refused together do not come back together.
    await delay(pauseMs + Math.random() * 100, undefined, { signal }).catch(() => {});
  }
  return outcome({ status: 'refused', error: why });
}

/** Fills in how each acknowledged order ended; those that have not within the time keep their last status. */
export async function followOrders(
  client: GatewayClient,
  outcomes: Outcome[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const open = new Map(outcomes.filter((known) => known.id !== null).map((known) => [known.id as string, known]));
  await until(
    async () => {
      if (open.size > 0) await lookUp(client, open).catch(() => {});
      return open.size === 0 || signal.aborted;
    },
    { timeoutMs, everyMs: 200 },
  );
}

/** Reads pages of views back to the oldest open order: ids are UUIDv7, so they sort by time. */
async function lookUp(client: GatewayClient, open: Map<string, Outcome>): Promise<void> {
  const oldest = [...open.keys()].sort()[0] ?? '';
  let before: string | null = null;
  for (;;) {
    const page = await client.orders(before);
    for (const view of page.orders) {
      const known = open.get(view.id);
      if (known === undefined) continue;
      known.status = view.status;
      known.cancelReason = view.cancelReason;
      known.traceId = view.traceId;
      if (!terminalStatuses.includes(view.status)) continue;
      known.finishedMs = view.finishedAt === null ? null : Date.parse(view.finishedAt) - Date.parse(view.createdAt);
      open.delete(view.id);
    }
    const last = page.orders.at(-1);
    if (!page.hasMore || last === undefined || last.id < oldest) return;
    before = last.id;
  }
}

function outcome(known: Partial<Outcome>): Outcome {
  return {
    id: null,
    status: 'refused',
    cancelReason: null,
    traceId: null,
    acceptedMs: null,
    finishedMs: null,
    error: null,
    ...known,
  };
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
