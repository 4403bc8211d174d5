import type { OrderView } from '#contracts/http/history.ts';
import type { AuditBoard } from '#contracts/sandbox/audit.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';
import type { Context } from '../context.ts';
import { type LiveSource, mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

/** What the overview is told, beside `source`: a process changed, rates of the last minute, an order moved on. */
export type OverviewUpdate =
  | { kind: 'process'; process: ProcessStatus }
  | { kind: 'red'; red: RedResult }
  | { kind: 'order'; order: OrderView }
  | { kind: 'board'; board: AuditBoard };

const windowSeconds = 60;

export const overviewRouter = router({
  latestOrders: procedure.query(async ({ ctx, signal }) => (await ctx.history.orders({ limit: 12 }, signal)).orders),
  red: procedure.query(({ ctx, signal }) => ctx.telemetry.red({ windowSeconds, buckets: 30 }, signal)),
  /** One stream for the whole view, ≤ 4 batches a second; every process comes first. */
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    let sequence = 0;
    for await (const batch of live(signal, (until) => mergeLive(until, sources(ctx), { keyOf }))) {
      yield tracked(String(++sequence), batch);
    }
  }),
});

function sources(ctx: Context): LiveSource<OverviewUpdate>[] {
  return [
    {
      name: 'supervisor',
      open: (until, onOpen) => map(ctx.supervisor.stream(until, onOpen), (process) => ({ kind: 'process', process })),
    },
    {
      name: 'telemetry',
      open: (until, onOpen) =>
        map(ctx.telemetry.redStream(windowSeconds, until, onOpen), (red) => ({ kind: 'red', red })),
    },
    { name: 'auditor', open: (until, onOpen) => boards(ctx, until, onOpen) },
    {
      name: 'history',
      open: (until, onOpen) =>
        map(ctx.history.stream({}, until, onOpen), ({ update }) => ({ kind: 'order', order: update.order })),
    },
  ];
}

function keyOf(update: OverviewUpdate): string {
  switch (update.kind) {
    case 'process':
      return `process ${update.process.name}`;
    case 'red':
      return 'red';
    case 'board':
      return 'board';
    case 'order':
      return `order ${update.order.id}`;
    default:
      return update satisfies never;
  }
}

async function* boards(ctx: Context, until: AbortSignal, onOpen: () => void): AsyncGenerator<OverviewUpdate> {
  for await (const change of ctx.auditor.stream(until, onOpen)) if (change.kind === 'board') yield change;
}

async function* map<A>(source: AsyncIterable<A>, to: (item: A) => OverviewUpdate): AsyncGenerator<OverviewUpdate> {
  for await (const item of source) yield to(item);
}
