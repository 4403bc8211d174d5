import type { z } from 'zod';
import { AppError, type ErrorCode, errorCodes, Problem } from '#contracts/errors.ts';

export type RequestOptions = {
  /** Process that is asked, for messages: `supervisor`, `history`. */
  process: string;
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Bearer token. */
  token?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as application/x-www-form-urlencoded instead of `body`. */
  form?: string;
  signal?: AbortSignal | undefined;
  /** Milliseconds until the answer must be complete. */
  deadlineMs?: number;
};

const defaultDeadlineMs = 5000;

/**
 * One HTTP request to a process of the fleet. Throws an AppError: the code of the problem document that it answered,
 * `unavailable` when nobody listens, `deadline_exceeded`, `cancelled`.
 */
export async function send(options: RequestOptions): Promise<Response> {
  const { process, url, method = 'GET', deadlineMs = defaultDeadlineMs } = options;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  try {
    const response = await fetch(url, init(options, method, signal));
    if (!response.ok) throw await toAppError(process, response);
    return response;
  } catch (error) {
    throw translate(error, { process, deadline, deadlineMs, caller: options.signal });
  }
}

/** As `send`, and parses the JSON answer. An answer that does not fit the schema is `dependency_failed`. */
export async function sendJson<S extends z.ZodType>(schema: S, options: RequestOptions): Promise<z.infer<S>> {
  const response = await send(options);
  const body: unknown = await response.json().catch(() => undefined);
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new AppError('dependency_failed', `${options.process} answered in a form that this console does not know`, {
    cause: result.error,
  });
}

/** Opens a response that stays open (SSE). The deadline covers only the time until its headers. */
export async function openStream(options: RequestOptions): Promise<ReadableStream<Uint8Array>> {
  const { process, url, deadlineMs = defaultDeadlineMs } = options;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('deadline', 'TimeoutError')), deadlineMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline.signal]) : deadline.signal;
  try {
    const headers = { Accept: 'text/event-stream', ...options.headers };
    const response = await fetch(url, init({ ...options, headers }, 'GET', signal));
    if (!response.ok || !response.body) throw await toAppError(process, response);
    return response.body;
  } catch (error) {
    throw translate(error, { process, deadline: deadline.signal, deadlineMs, caller: options.signal });
  } finally {
    clearTimeout(timer);
  }
}

function init(options: RequestOptions, method: string, signal: AbortSignal): RequestInit {
  const { token, body, form, headers = {} } = options;
  const payload = form ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    method,
    signal,
    cache: 'no-store',
    redirect: 'error',
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(payload === undefined ? {} : { 'Content-Type': type }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  };
}

async function toAppError(process: string, response: Response): Promise<AppError> {
  const problem = Problem.safeParse(await response.json().catch(() => null));
  if (problem.success) {
    const { code, detail, errors, traceId } = problem.data;
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    return new AppError(code, detail, {
      details: { ...(errors ? { errors } : {}), ...(traceId ? { traceId } : {}) },
      ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
    });
  }
  const known = (Object.entries(errorCodes) as [ErrorCode, { status: number }][]).find(
    ([, { status }]) => status === response.status,
  );
  return new AppError(known?.[0] ?? 'dependency_failed', `${process} answered ${response.status}`);
}

type Circumstances = {
  process: string;
  deadline: AbortSignal;
  deadlineMs: number;
  caller: AbortSignal | undefined;
};

function translate(error: unknown, { process, deadline, deadlineMs, caller }: Circumstances): unknown {
  if (error instanceof AppError) return error;
  if (caller?.aborted) return new AppError('cancelled', `the request to ${process} was cancelled`, { cause: error });
  if (deadline.aborted) {
    return new AppError('deadline_exceeded', `${process} did not answer within ${deadlineMs} ms`, { cause: error });
  }
  if (error instanceof TypeError) {
    return new AppError('unavailable', `${process} does not answer`, { cause: error });
  }
  return error;
}
