import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import type { z } from 'zod';
import { AppError, type ErrorCode, errorCodes, isAppError, Problem } from '#contracts/errors.ts';
import type { Route } from '#contracts/http/route.ts';
import { retryDelayMs } from './resilience/backoff.ts';
import { deadlineHeader, openDeadline, remainingMs, unlessAborted } from './resilience/deadline.ts';
import type { Guard } from './resilience/guard.ts';
import { instrument } from './telemetry/instrument.ts';
import { withCallee } from './telemetry/spans.ts';

instrument('undici');

export type HttpClientOptions = {
  /** Process name of the upstream, as in the topology; becomes `peer.service`. */
  peer: string;
  baseUrl: string;
  /** Deadline of one attempt. Default 2 000. */
  timeoutMs?: number;
  /** Attempts at most for idempotent calls. Default 3. */
  attempts?: number;
  /** Breaker, bulkhead and retry budget of this upstream; without one every attempt goes out. */
  guard?: Guard;
  random?: () => number;
};

type In<S> = S extends z.ZodType ? z.input<S> : undefined;
type Part<Name extends string, S> = S extends z.ZodType ? { [K in Name]: In<S> } : { [K in Name]?: undefined };

export type CallInput<R extends Route> = Part<'params', R['params']> &
  Part<'query', R['query']> &
  Part<'body', R['body']> & {
    headers?: Record<string, string>;
    /** Bearer token to send, e.g. `principal.token`. */
    token?: string;
    signal?: AbortSignal;
    timeoutMs?: number;
    /** POST is retried only when it carries an `idempotency-key` header, or when told so here. */
    idempotent?: boolean;
  };

/** Body of the route's success answers. */
export type CallOutput<R extends Route> = {
  [S in keyof R['responses'] & number]: {
    status: S;
    body: R['responses'][S] extends z.ZodType ? z.output<R['responses'][S]> : Uint8Array;
  };
}[keyof R['responses'] & number];

export type HttpClient = {
  /**
   * Calls a route of `contracts/http`. Throws the AppError that the upstream's problem document names (5xx without
   * one: `dependency_failed`), `deadline_exceeded` after the timeout, `unavailable` when no connection can be made,
   * `dependency_failed` when the answer breaks the contract, `cancelled` when `signal` was aborted.
   */
  call<R extends Route>(route: R, input: CallInput<R>): Promise<CallOutput<R>>;
};

type Sent = { route: Route; url: string; headers: Record<string, string>; body: string | null };

/**
 * A client for one upstream. The active trace context travels along. Only idempotent calls are tried again, with full
 * jitter, and only on failures that another attempt may cure.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  return {
    async call(route, input) {
      const parts = input as CallInput<Route> & { params?: object; query?: object; body?: unknown };
      const idempotent = parts.idempotent ?? isIdempotent(route, parts.headers);
      const sent = buildRequest(options.baseUrl, route, parts);
      const { guard, random = Math.random } = options;
      const attempts = idempotent ? (options.attempts ?? 3) : 1;
      const attemptOnce = () =>
        withCallee({ peer: options.peer, route }, () =>
          exchange(options.peer, sent, timeoutOf(options, parts), parts.signal),
        ) as Promise<CallOutput<typeof route>>;
      guard?.begin();
      for (let attempt = 1; ; attempt++) {
        try {
          return await (guard === undefined ? attemptOnce() : guard.run(attemptOnce));
        } catch (error) {
          const gone = parts.signal?.aborted === true || remainingMs(parts.signal) <= 0;
          const hopeless = !isAppError(error) || !error.retryable || gone;
          if (hopeless || attempt >= attempts || guard?.mayRetry() === false) throw error;
          await sleep(retryDelayMs(attempt, error, random), undefined, { signal: parts.signal }).catch(() => {
            throw error;
          });
        }
      }
    },
  };
}

/** With timeouts switched off a call waits for as long as its own caller does, at most a minute. */
const endlessMs = 60_000;

/** Milliseconds of one attempt: never more than the caller behind the signal will still wait. */
function timeoutOf(options: HttpClientOptions, call: { timeoutMs?: number; signal?: AbortSignal }): number {
  const ownMs = options.guard?.hasTimeout() === false ? endlessMs : (call.timeoutMs ?? options.timeoutMs ?? 2_000);
  return Math.min(ownMs, remainingMs(call.signal));
}

function isIdempotent(route: Route, headers: Record<string, string> | undefined): boolean {
  if (route.method === 'GET' || route.method === 'PUT' || route.method === 'DELETE') return true;
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'idempotency-key');
}

function buildRequest(
  baseUrl: string,
  route: Route,
  input: { params?: object; query?: object; body?: unknown; headers?: Record<string, string>; token?: string },
): Sent {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((input.params as Record<string, unknown>)?.[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const item of [value].flat()) if (item !== undefined && item !== null) search.append(name, String(item));
  }
  const headers: Record<string, string> = {
    accept: 'application/json, application/problem+json',
    'user-agent': 'node',
    ...input.headers,
  };
  if (input.body !== undefined) headers['content-type'] = 'application/json';
  if (input.token !== undefined) headers.authorization = `Bearer ${input.token}`;
  const body = input.body === undefined ? null : JSON.stringify(input.body);
  return { route, url: `${baseUrl}${path}${search.size === 0 ? '' : `?${search}`}`, headers, body };
}

async function exchange(peer: string, sent: Sent, timeoutMs: number, caller: AbortSignal | undefined) {
  if (timeoutMs <= 0) throw new AppError('deadline_exceeded', `no time was left to call ${peer}`);
  const waitMs = Math.ceil(timeoutMs);
  const deadline = openDeadline(waitMs, caller);
  try {
    const sending = request(sent.url, {
      method: sent.route.method,
      headers: { ...sent.headers, [deadlineHeader]: String(waitMs) },
      body: sent.body,
      signal: deadline.signal,
    });
    const answer = await unlessAborted(sending, deadline.signal);
    if (answer.statusCode >= 400) throw await toUpstreamError(peer, answer);
    return { status: answer.statusCode, body: await readBody(peer, sent.route, answer) };
  } catch (error) {
    if (isAppError(error)) throw error;
    if (caller?.aborted === true && remainingMs(caller) > 0)
      throw new AppError('cancelled', `call to ${peer} was cancelled`, { cause: error });
    if (deadline.signal.aborted)
      throw new AppError('deadline_exceeded', `${peer} did not answer within ${waitMs} ms`, { cause: error });
    throw new AppError('unavailable', `${peer} cannot be reached`, { cause: error });
  } finally {
    deadline.end();
  }
}

async function readBody(peer: string, route: Route, answer: Dispatcher.ResponseData): Promise<unknown> {
  const schema = route.responses[answer.statusCode as keyof Route['responses']];
  if (schema === undefined) {
    await answer.body.dump();
    throw new AppError(
      'dependency_failed',
      `${peer} answered ${route.method} ${route.path} with undeclared status ${answer.statusCode}`,
    );
  }
  if (schema === null) return answer.body.bytes();
  const parsed = schema.safeParse(await readJson(answer));
  if (parsed.success) return parsed.data;
  throw new AppError('dependency_failed', `${peer} broke the contract of ${route.method} ${route.path}`, {
    cause: parsed.error,
  });
}

/** Undefined when it is no JSON, or breaks off. */
function readJson(answer: Dispatcher.ResponseData): Promise<unknown> {
  return answer.body.json().catch(() => undefined);
}

/** The upstream's problem speaks for itself; its own credentials' problems (401, 403) and internals are ours to answer for. */
async function toUpstreamError(peer: string, answer: Dispatcher.ResponseData): Promise<AppError> {
  const problem = Problem.safeParse(await readJson(answer));
  const retryAfter = Number(answer.headers['retry-after'] ?? Number.NaN);
  const options = {
    details: problem.success && problem.data.errors !== undefined ? { errors: problem.data.errors } : {},
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
  const detail = problem.success ? problem.data.detail : `${peer} answered ${answer.statusCode}`;
  const code = problem.success ? problem.data.code : codeOf(answer.statusCode);
  if (code === 'internal') return new AppError('dependency_failed', `${peer} failed: ${detail}`, options);
  return new AppError(code, problem.success ? detail : `${peer} answered ${answer.statusCode}`, options);
}

function codeOf(status: number): ErrorCode {
  const match = (Object.keys(errorCodes) as ErrorCode[]).find((code) => errorCodes[code].status === status);
  return match ?? (status >= 500 ? 'dependency_failed' : 'invalid_argument');
}
