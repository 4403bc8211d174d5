import { z } from 'zod';
import { AppError, isAppError } from '#contracts/errors.ts';
import { TraceId } from '#contracts/ids.ts';
import { parseFilter } from '#contracts/telemetry/filter.ts';
import type { Filter, Span, TraceSummary } from '#contracts/telemetry/query.ts';
import { mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

const ListInput = z.object({
  q: z.string().max(2000).default('').describe('Text of the filter language'),
  range: z.enum(['15m', '1h', 'all']).default('15m'),
  sort: z.enum(['start', 'duration']).default('start'),
  background: z.boolean().default(false).describe('Also what services do on their own: fetching keys and tokens'),
});

const rangeMs = { '15m': 15 * 60_000, '1h': 3_600_000, all: null } as const;
const limit = 200;
/** Read when some are left out afterwards. */
const generousLimit = 500;
const maxLines = 500;

/** Requests at identity that no user caused: services and the console fetch keys and tokens. */
const backgroundRoots = new Set(['GET /jwks', 'POST /token']);

function isBackground({ rootService, rootName }: TraceSummary): boolean {
  return rootService === 'identity' && backgroundRoots.has(rootName);
}

export const tracesRouter = router({
  list: procedure.input(ListInput).query(async ({ ctx, input, signal }) => {
    const length = rangeMs[input.range];
    const found = await ctx.telemetry.searchTraces(
      {
        range: { fromMs: length === null ? 0 : Date.now() - length, toMs: null },
        filter: filterOf(input.q),
        sort: input.sort,
        limit: input.background ? limit : generousLimit,
      },
      signal,
    );
    const traces = input.background ? found.traces : found.traces.filter((trace) => !isBackground(trace));
    return { ...found, traces: traces.slice(0, limit), hasMore: found.hasMore || traces.length > limit };
  }),
  /** Traces that are new or have grown, ≤ 4 batches a second. */
  stream: procedure
    .input(Resumable.extend(ListInput.pick({ q: true, background: true }).shape))
    .subscription(async function* ({ ctx, input, signal }) {
      const search = new URLSearchParams({ filter: JSON.stringify(filterOf(input.q)) });
      let sequence = 0;
      const open = (until: AbortSignal) =>
        mergeLive<TraceSummary>(
          until,
          [{ name: 'telemetry', open: (inner, onOpen) => ctx.telemetry.traceStream(search, inner, onOpen) }],
          { keyOf: ({ traceId }) => traceId },
        );
      for await (const batch of live(signal, open)) {
        const wanted = input.background ? batch : batch.filter((item) => 'kind' in item || !isBackground(item));
        if (wanted.length > 0) yield tracked(String(++sequence), wanted);
      }
    }),
  /** Null while none of its spans has arrived. */
  get: procedure.input(z.object({ traceId: TraceId })).query(async ({ ctx, input, signal }) => {
    try {
      return await ctx.telemetry.trace(input.traceId, signal);
    } catch (error) {
      if (isAppError(error) && error.code === 'not_found') return null;
      throw error;
    }
  }),
  /**
   * Spans of one trace that the browser does not have. It says how many it has: telemetry begins with all it knows, which
   * is skipped when it is no more than that. Spans are only ever added, so the number says which.
   */
  spans: procedure
    .input(Resumable.extend({ traceId: TraceId, have: z.int().min(0).default(0) }))
    .subscription(async function* ({ ctx, input, signal }) {
      let have = Math.max(input.have, Number(input.lastEventId ?? 0) || 0);
      const open = (until: AbortSignal) =>
        mergeLive<Span[]>(until, [{ name: 'telemetry', open: firstSkipped }], { keyOf: () => null, everyMs: 100 });
      async function* firstSkipped(until: AbortSignal, onOpen: () => void): AsyncGenerator<Span[]> {
        let first = true;
        for await (const spans of ctx.telemetry.spanStream(input.traceId, until, onOpen)) {
          if (first && spans.length <= have) first = false;
          else {
            have = first ? spans.length : have + spans.length;
            first = false;
            yield spans;
          }
        }
      }
      for await (const batch of live(signal, open)) yield tracked(String(have), batch);
    }),
  /** Log lines of a trace, or of one of its spans, oldest first. */
  logs: procedure
    .input(z.object({ traceId: TraceId, spanId: z.string().max(16).nullable().default(null) }))
    .query(({ ctx, input, signal }) =>
      ctx.telemetry.searchLogs(
        {
          range: { fromMs: 0, toMs: null },
          filter: {
            conditions: [
              { field: 'traceId', op: 'eq', value: input.traceId },
              ...(input.spanId === null ? [] : [{ field: 'spanId', op: 'eq' as const, value: input.spanId }]),
            ],
            text: null,
          },
          order: 'oldest',
          limit: maxLines,
        },
        signal,
      ),
    ),
  /** Most frequent values of a field, for suggestions and for the service menu. */
  facets: procedure
    .input(z.object({ field: z.string().min(1).max(200) }))
    .query(({ ctx, input, signal }) => ctx.telemetry.facets('traces', input.field, signal)),
});

function filterOf(q: string): Filter {
  const parsed = parseFilter(q);
  if (parsed.ok) return parsed.filter;
  throw new AppError('invalid_argument', `filter, at ${parsed.error.position + 1}: ${parsed.error.message}`);
}
