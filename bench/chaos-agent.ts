import { createRequire } from 'node:module';
import type Fastify from 'fastify';
import { createFailpoints } from '#kit/control/failpoints.ts';
import { createFaultAgent } from '#kit/faults/agent.ts';
import { offerHttpFaults, strikeRequest } from '#kit/faults/http.ts';
import { createLogger } from '#kit/logger.ts';
import type { Fleet } from '../tests/support/fleet.ts';
import type { Shop } from '../tests/support/shop.ts';
import { openTelemetry } from '../tests/support/telemetry.ts';
import { until } from '../tests/support/until.ts';
import { type Pair, pairs, type Spread, spreadOf } from './paired.ts';
import type { BenchResult } from './result.ts';

const requestsPerSlice = 1_500;
const looksPerSlice = 200_000;
const slices = 40;
/** Services export their spans more often than that. */
const settleMs = 8_000;

/**
 * What the idle fault agent costs. Too little to be seen between two fleets, so each look at it is measured by itself
 * (with and without, in turns), and multiplied by how often an order passes one: its trace says that.
 */
export async function lookRatios(fleet: Fleet, shop: Shop, cpuMsPerOrder: number): Promise<BenchResult[]> {
  const log = createLogger({
    service: 'bench',
    version: '0',
    instance: 'bench-1',
    env: 'bench',
    level: 'silent',
    stream: { write: () => {} },
  });
  const faults = createFaultAgent({ log });
  const failpoints = createFailpoints({ log });
  const request = await requestCost(faults);
  const look = await costOf(async () => faults.strike('duplicate', 'order.created'));
  const failpoint = await costOf(() => failpoints.reach('outbox.after_ack'));
  const passed = await passesOfOneOrder(fleet, shop);
  // The upper quartile: the medians are too small to be told from nothing.
  const usPerOrder = passed.requests * request.to + passed.looks * look.to + passed.failpoints * failpoint.to;
  return [
    spread('idle agent: a request through its interceptor', request),
    spread('idle agent: a message, a call, a charge', look),
    spread('idle failpoint', failpoint),
    { name: 'places that one order passes: requests', value: passed.requests, unit: '', budget: null },
    { name: 'places that one order passes: others', value: passed.looks, unit: '', budget: null },
    { name: 'places that one order passes: failpoints', value: passed.failpoints, unit: '', budget: null },
    { name: 'idle agent: per order, by the upper quartiles', value: usPerOrder, unit: 'µs', budget: null },
    {
      name: 'idle agent: CPU per order, with / without',
      value: cpuMsPerOrder / (cpuMsPerOrder - usPerOrder / 1_000),
      unit: '×',
      budget: '≤ 1.05',
    },
  ];
}

/** Microseconds more for each with it, over the pairs. */
function costs(found: readonly Pair[], each: number): Spread {
  return spreadOf(found.map((pair) => (pair.with - pair.without) / each));
}

const spread = (name: string, { median: value, from, to }: Spread): BenchResult => ({
  name: `${name} (half: ${from.toFixed(3)}–${to.toFixed(3)})`,
  value,
  unit: 'µs',
  budget: null,
});

/** Microseconds of CPU that the process has used: what others do on the machine is not in it. */
function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The same route with and without the two hooks that services have; no socket, so that they are not lost in noise. */
async function requestCost(faults: ReturnType<typeof createFaultAgent>): Promise<Spread> {
  const fastify = createRequire(import.meta.url)('fastify') as typeof Fastify;
  const without = fastify();
  const intercepted = fastify();
  offerHttpFaults(intercepted, faults);
  intercepted.addHook('preHandler', async (request) => {
    if (faults.isArmed()) await strikeRequest(faults, request);
  });
  without.addHook('preHandler', async () => {});
  for (const app of [intercepted, without]) app.get('/stock', async () => ({ sku: 'LAMP-001', onHand: 7 }));
  const slice = (app: typeof without) => async () => {
    const before = cpuUs();
    for (let n = 0; n < requestsPerSlice; n += 1) await app.inject('/stock');
    return cpuUs() - before;
  };
  await pairs(3, { with: slice(intercepted), without: slice(without) });
  return costs(await pairs(slices, { with: slice(intercepted), without: slice(without) }), requestsPerSlice);
}

async function costOf(look: () => Promise<unknown>): Promise<Spread> {
  const slice = (what: () => Promise<unknown>) => async () => {
    const before = cpuUs();
    for (let n = 0; n < looksPerSlice; n += 1) await what();
    return cpuUs() - before;
  };
  const nothing = async () => null;
  await pairs(3, { with: slice(look), without: slice(nothing) });
  return costs(await pairs(slices, { with: slice(look), without: slice(nothing) }), looksPerSlice);
}

/** Counted by the spans of a confirmed order: each request, message or call passes its interceptor once. */
async function passesOfOneOrder(
  fleet: Fleet,
  shop: Shop,
): Promise<{ requests: number; looks: number; failpoints: number }> {
  const { order } = await shop.finished(await shop.placed());
  const telemetry = openTelemetry(fleet);
  let known = 0;
  const kinds = await until(
    'the trace of an order is whole',
    async () => {
      const found = (await telemetry.trace(order.traceId ?? ''))?.map(({ kind }) => kind) ?? [];
      // Spans come in from all services for some seconds: whole is what has stopped growing.
      const isWhole = found.length > 0 && found.length === known;
      known = found.length;
      return isWhole ? found : null;
    },
    { everyMs: settleMs, withinMs: 60_000 },
  );
  const count = (...wanted: string[]) => kinds.filter((kind) => wanted.includes(kind)).length;
  return {
    requests: count('server'),
    looks: count('client', 'producer', 'consumer'),
    // Before and after a message is sent, and after it is handled.
    failpoints: 2 * count('producer') + count('consumer'),
  };
}
