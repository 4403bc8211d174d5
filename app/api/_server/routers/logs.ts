import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import { type Condition, type Filter, type LogRecord, Severity } from '#contracts/telemetry/query.ts';
import type { Context } from '../context.ts';
import { mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const pageRows = 200;
/** What a reconnected tail may have missed; past this the view starts over. */
const mostMissed = 1000;

const LogId = z.string().regex(/^\d{1,40}$/);

/** What the view's URL says; the filter is kept as typed. */
const View = z.object({
  q: z.string().max(4000).default(''),
  severities: z.array(Severity).max(6).default([]),
  service: z.string().max(100).nullable().default(null),
  /** Start of the range as an age; null with `fromMs` null means everything. */
  minutes: z.int().min(1).max(100_000).nullable().default(null),
  fromMs: z.number().nullable().default(null),
  toMs: z.number().nullable().default(null),
});
type View = z.infer<typeof View>;

/** `open`: the tail runs, everything after is pushed. Ask `since` for what came between. */
export type TailUpdate = { kind: 'open' } | { kind: 'logs'; logs: LogRecord[] };

export const logsRouter = router({
  /** One page, newest first. The cursor is the id of the page's last row. */
  search: procedure
    .input(View.extend({ cursor: LogId.nullish() }))
    .query(({ ctx, input, signal }) =>
      ctx.telemetry.searchLogs(
        { range: rangeOf(input), filter: filterOf(input), before: input.cursor ?? null, limit: pageRows },
        signal,
      ),
    ),
  /** What arrived after a row, oldest first; `hasMore` when that is too much to append. */
  since: procedure
    .input(View.extend({ after: LogId.nullable() }))
    .query(async ({ ctx, input, signal }) =>
      ctx.telemetry.searchLogs(
        { range: rangeOf(input), filter: filterOf(input), before: input.after, order: 'oldest', limit: mostMissed },
        signal,
      ),
    ),
  one: procedure.input(z.object({ id: LogId })).query(({ ctx, input, signal }) => readOne(ctx, input.id, signal)),
  /** Lines before and after a row: of its service, or of its trace. */
  around: procedure
    .input(z.object({ id: LogId, of: z.enum(['service', 'trace']), rows: z.int().min(1).max(100).default(12) }))
    .query(async ({ ctx, input, signal }) => {
      const log = await readOne(ctx, input.id, signal);
      const value = input.of === 'service' ? log.service : log.traceId;
      if (value === null) return { logs: [log] };
      const search = {
        range: { fromMs: 0, toMs: null },
        filter: { conditions: [equals(input.of === 'service' ? 'service' : 'traceId', value)], text: null },
        limit: input.of === 'trace' ? 100 : input.rows,
        before: log.id,
      };
      const [earlier, later] = await Promise.all([
        ctx.telemetry.searchLogs(search, signal),
        ctx.telemetry.searchLogs({ ...search, order: 'oldest' }, signal),
      ]);
      const logs = [...earlier.logs.reverse(), log, ...later.logs];
      // One process writes in order; the lines of several arrive as they were shipped.
      return { logs: input.of === 'trace' ? logs.sort(byTime) : logs };
    }),
  /** Values of a field, most frequent first. */
  facets: procedure
    .input(z.object({ field: z.string().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.telemetry.facets('logs', logField(input.field), signal)),
  /** New lines in ≤ 4 batches a second; a source that fails is named and reopened. */
  tail: procedure.input(Resumable.extend({ view: View })).subscription(async function* ({ ctx, input, signal }) {
    const filter = filterOf(input.view);
    let sequence = 0;
    const open = async function* (until: AbortSignal): AsyncGenerator<TailUpdate> {
      for await (const logs of ctx.telemetry.logTail(filter, until)) {
        yield logs === null ? { kind: 'open' } : { kind: 'logs', logs };
      }
    };
    const batches = (until: AbortSignal) => mergeLive(until, [{ name: 'telemetry', open }], { keyOf: () => null });
    for await (const batch of live(signal, batches)) yield tracked(String(++sequence), batch);
  }),
});

async function readOne(ctx: Context, id: string, signal: AbortSignal | undefined): Promise<LogRecord> {
  // The store pages by id: the newest row before the next id is the row itself, or it is gone.
  const { logs } = await ctx.telemetry.searchLogs(
    {
      range: { fromMs: 0, toMs: null },
      filter: { conditions: [], text: null },
      before: String(BigInt(id) + 1n),
      limit: 1,
    },
    signal,
  );
  const [log] = logs;
  if (log?.id !== id) throw new AppError('not_found', `log record ${id} is not kept any more`);
  return log;
}

function byTime(one: LogRecord, other: LogRecord): number {
  const apart = BigInt(one.timeUnixNano) - BigInt(other.timeUnixNano);
  if (apart !== 0n) return apart < 0n ? -1 : 1;
  return BigInt(one.id) < BigInt(other.id) ? -1 : 1;
}

function rangeOf({ minutes, fromMs, toMs }: View): { fromMs: number; toMs: number | null } {
  return { fromMs: minutes === null ? (fromMs ?? 0) : Date.now() - minutes * 60_000, toMs };
}

function filterOf({ q, severities, service }: View): Filter {
  const parsed = parseFilter(q);
  if (!parsed.ok)
    throw new AppError(
      'invalid_argument',
      `filter, at character ${parsed.error.position + 1}: ${parsed.error.message}`,
    );
  const conditions = parsed.filter.conditions.map((one) => ({ ...one, field: logField(one.field) }));
  if (service !== null) conditions.push(equals('service', service));
  // Conditions are ANDed: one of several is "none of the others".
  if (severities.length > 0) {
    for (const other of Severity.options) {
      if (!severities.includes(other)) conditions.push({ field: 'severity', op: 'neq', value: other });
    }
  }
  return { ...parsed.filter, conditions };
}

function equals(field: string, value: string): Condition {
  return { field, op: 'eq', value };
}

/** Log lines carry the guide's field names, spans semantic conventions: a filter may be typed with either. */
function logField(typed: string): string {
  return inLogs.get(typed) ?? typed;
}

const inLogs: ReadonlyMap<string, string> = new Map([
  ['orrery.order.id', 'orderId'],
  ['order', 'orderId'],
  ['orrery.saga.id', 'sagaId'],
  ['orrery.event.name', 'event'],
  ['http.route', 'route'],
  ['http.request.method', 'method'],
]);
