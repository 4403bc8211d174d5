import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { TraceId } from '#contracts/ids.ts';
import { type FaultWindow, FaultWindows } from '#contracts/telemetry/faults.ts';
import { LogQuery, RedQuery, type StoreStats, TraceQuery } from '#contracts/telemetry/query.ts';
import { readBody } from '../http/read-body.ts';
import type { TraceWindow } from '../live/window.ts';
import { readFacets } from '../queries/facets.ts';
import { readTrace } from '../queries/read-trace.ts';
import { searchLogs } from '../queries/search-logs.ts';
import { searchTraces } from '../queries/search-traces.ts';
import type { RedTable } from '../red/red.ts';
import type { Store } from '../store/store.ts';

/** Two hundred faults are less than half of it. */
const maxQueryBytes = 128 * 1024;

/** Answers of the query API that are read once. Each takes the request's signal: a client that left stops its query. */
export type QueryDeps = { store: Store; red: RedTable; window: TraceWindow; rejected: () => number };

export async function answerTraceSearch({ store, window }: QueryDeps, request: IncomingMessage, signal: AbortSignal) {
  const query = await parseBody(request, TraceQuery);
  return store.read(signal, (read) => searchTraces(read, query, (count) => window.startOfLast(count)));
}

export async function answerLogSearch({ store }: QueryDeps, request: IncomingMessage, signal: AbortSignal) {
  const query = await parseBody(request, LogQuery);
  return store.read(signal, (read) => searchLogs(read, query));
}

export async function answerRed({ red }: QueryDeps, request: IncomingMessage) {
  const { windowSeconds, buckets } = await parseBody(request, RedQuery);
  return red.query(windowSeconds, buckets);
}

export async function answerTrace({ store }: QueryDeps, traceId: string, signal: AbortSignal) {
  const trace = await store.read(signal, (read) => readTrace(read, requireTraceId(traceId)));
  if (trace === null)
    throw new AppError('not_found', `trace ${traceId} is not in the store (evicted, or never arrived)`);
  return trace;
}

export async function answerFacets({ store }: QueryDeps, params: URLSearchParams, signal: AbortSignal) {
  const kind = params.get('signal');
  const field = params.get('field');
  if ((kind !== 'traces' && kind !== 'logs') || field === null || field === '')
    throw new AppError('invalid_argument', 'facets need signal=traces|logs and field=<name>');
  return store.read(signal, (read) => readFacets(read, kind === 'traces' ? 'spans' : 'logs', field));
}

export async function answerStats({ store, rejected }: QueryDeps, signal: AbortSignal): Promise<StoreStats> {
  return { ...(await store.stats(signal)), rejected: rejected() };
}

/** What the supervisor tells of faults. */
export function readFaults(request: IncomingMessage): Promise<FaultWindow[]> {
  return parseBody(request, FaultWindows);
}

/** The id when it is one, else invalid_argument. */
export function requireTraceId(text: string): string {
  const parsed = TraceId.safeParse(text.toLowerCase());
  if (!parsed.success) throw new AppError('invalid_argument', `“${text.slice(0, 64)}” is no trace id: 32 hex digits`);
  return parsed.data;
}

async function parseBody<T extends z.ZodType>(request: IncomingMessage, schema: T): Promise<z.output<T>> {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') throw new AppError('unsupported_media_type', 'send application/json');
  const body = await readBody(request, maxQueryBytes, maxQueryBytes);
  const parsed = schema.safeParse(parseJson(body.toString('utf8')));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: `/${issue.path.join('/')}`, message: issue.message }));
  throw new AppError('invalid_argument', errors.map((e) => `${e.path}: ${e.message}`).join('; '), {
    details: { errors },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('invalid_argument', 'the body is not JSON', { cause: error });
  }
}
