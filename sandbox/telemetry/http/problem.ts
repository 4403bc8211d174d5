import type { ServerResponse } from 'node:http';
import { AppError, errorCodes, isAppError, type Problem } from '#contracts/errors.ts';

/** The error as problem+json says it. Unknown errors never show their message. */
export function toProblem(error: unknown, instance: string): Problem {
  const known = isAppError(error) ? error : new AppError('internal', 'something went wrong inside; see the log');
  const { status } = errorCodes[known.code];
  return {
    type: `/problems/${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status,
    code: known.code,
    detail: known.message,
    instance,
    ...known.details,
  };
}

export function sendProblem(response: ServerResponse, error: unknown, instance: string): void {
  const problem = toProblem(error, instance);
  const retryAfter = isAppError(error) ? error.retryAfterSeconds : null;
  if (retryAfter !== null) response.setHeader('retry-after', String(retryAfter));
  send(response, problem.status, 'application/problem+json', JSON.stringify(problem));
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

/** Sends a whole answer, unless one was begun or the client has left. */
export function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
