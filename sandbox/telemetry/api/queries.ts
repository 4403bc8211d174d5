import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { TraceId } from '#contracts/ids.ts';
import { type FaultWindow, FaultWindows } from '#contracts/telemetry/faults.ts';
import { LogQuery, RedQuery, TraceQuery } from '#contracts/telemetry/query.ts';
import { readBody } from '../http/read-body.ts';
import type { Answers } from './answers.ts';

/** Two hundred faults are less than half of it. */
const maxQueryBytes = 128 * 1024;

/** Answers of the query API that are read once. Each takes the request's signal: a client that left stops its query. */
export async function answerTraceSearch(answers: Answers, request: IncomingMessage, signal: AbortSignal) {
  return answers.searchTraces(await parseBody(request, TraceQuery), signal);
}

export async function answerLogSearch(answers: Answers, request: IncomingMessage, signal: AbortSignal) {
  return answers.searchLogs(await parseBody(request, LogQuery), signal);
}

export async function answerRed(answers: Answers, request: IncomingMessage, signal: AbortSignal) {
  return answers.red(await parseBody(request, RedQuery), signal);
}

export async function answerTrace(answers: Answers, traceId: string, signal: AbortSignal) {
  const trace = await answers.trace(requireTraceId(traceId), signal);
  if (trace === null)
    throw new AppError('not_found', `trace ${traceId} is not in the store (evicted, or never arrived)`);
  return trace;
}

export async function answerFacets(answers: Answers, params: URLSearchParams, signal: AbortSignal) {
  const kind = params.get('signal');
  const field = params.get('field');
  if ((kind !== 'traces' && kind !== 'logs') || field === null || field === '')
    throw new AppError('invalid_argument', 'facets need signal=traces|logs and field=<name>');
  return answers.facets(kind, field, signal);
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
