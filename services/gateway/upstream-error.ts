import { AppError, type ErrorCode, isAppError, Problem } from '#contracts/errors.ts';

const cannotConnect = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const tooSlow = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const connectionLost = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * An exchange that failed, in terms of the gateway: 503 when nobody is there, 504 when nobody answers in time, 502 for
 * the rest. Addresses and messages of the driver stay in the log, as `cause`.
 */
export function toGatewayError(error: unknown, upstream: string, timeoutMs: number, deadline: AbortSignal): AppError {
  if (isAppError(error)) return error;
  const code = driverCode(error);
  if (deadline.aborted || tooSlow.has(code)) {
    return new AppError('deadline_exceeded', `${upstream} did not answer within ${timeoutMs} ms`, { cause: error });
  }
  if (cannotConnect.has(code)) {
    return new AppError('unavailable', `${upstream} is not available; try again`, {
      cause: error,
      retryAfterSeconds: 1,
    });
  }
  return new AppError('dependency_failed', `${upstream} broke off its answer`, { cause: error });
}

/** Nobody is there, or the connection went away under the request: the upstream may be restarting. */
export function isGone(error: unknown): boolean {
  const code = driverCode(error);
  return connectionLost.has(code) || cannotConnect.has(code);
}

/**
 * An error answer of an upstream. Its problem document passes as it is (its text is made for callers); an internal
 * error of its own, or anything that is no problem document, becomes 502.
 */
export function toUpstreamProblem(
  body: string,
  upstream: string,
): { code: ErrorCode; detail: string; details: Record<string, unknown> } {
  const problem = parseProblem(body);
  if (problem === null || problem.code === 'internal') {
    return { code: 'dependency_failed', detail: `${upstream} failed`, details: {} };
  }
  const { type: _, title: __, status: ___, instance: ____, requestId: _____, traceId: ______, ...rest } = problem;
  const { code, detail, ...details } = rest;
  return { code, detail, details };
}

function parseProblem(body: string): Problem | null {
  try {
    return Problem.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null;
  }
}

function driverCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? driverCode(error.cause) : '';
}
