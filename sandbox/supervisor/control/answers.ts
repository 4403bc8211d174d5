/** What requests to the control API have in common: bodies in, JSON and problem documents out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { AppError, errorCodes, isAppError, type Problem } from '#contracts/errors.ts';

const largestBodyBytes = 65_536;

/** The body by its schema. Throws `payload_too_large`, or `invalid_argument` with the first field that is wrong. */
export async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes)
      throw new AppError('payload_too_large', `the body is above ${largestBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(chunks).toString('utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw new AppError('invalid_argument', `${where}${issue?.message ?? 'the body is not valid'}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_argument', 'the body is not JSON', { cause });
  }
}

export function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new AppError('invalid_argument', 'the path is not well-formed', { cause });
  }
}

/** Throws `method_not_allowed` for every other method. */
export function allow(request: IncomingMessage, ...methods: string[]): void {
  if (methods.includes(request.method ?? '')) return;
  throw new AppError('method_not_allowed', `${request.method} is not allowed here, ${methods.join(' or ')} is`, {
    details: { allow: methods.join(', ') },
  });
}

export function notFound(path: string): AppError {
  return new AppError('not_found', `there is nothing at ${path.slice(0, 200)}`);
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

export function sendProblem(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known = isAppError(error) ? error : new AppError('internal', 'unexpected error', { cause: error });
  const { status } = errorCodes[known.code];
  const problem: Problem = {
    type: `/problems/${known.code}`,
    title: known.code.replaceAll('_', ' '),
    status,
    code: known.code,
    detail: known.message,
    instance: request.url,
  };
  const allowed = typeof known.details.allow === 'string' ? { allow: known.details.allow } : {};
  response.writeHead(status, { 'content-type': 'application/problem+json', ...allowed });
  response.end(JSON.stringify(problem));
  request.resume();
}
