import type { z } from 'zod';
import { AppError, type ErrorCode, errorCodes, errorTitles, isAppError, type Problem } from '#contracts/errors.ts';

/** Which request the problem belongs to. */
export type ProblemContext = { instance: string; requestId: string; traceId: string | undefined };

/**
 * Problem document (RFC 9457) of an error. Only an AppError speaks for itself: an unknown error becomes a bare 500,
 * because its message may hold anything.
 */
export function toProblem(error: unknown, context: ProblemContext): Problem {
  const known = isAppError(error) && error.code !== 'internal';
  const code: ErrorCode = isAppError(error) ? error.code : 'internal';
  return {
    ...(known ? error.details : {}),
    type: `/problems/${code}`,
    title: errorTitles[code],
    status: errorCodes[code].status,
    code,
    detail: known ? error.message : `unexpected error; look for request ${context.requestId} in the logs`,
    ...context,
  };
}

/** Validates one part of a request. Throws `code` with a JSON pointer (RFC 6901) per wrong field. */
export function validate<S extends z.ZodType>(
  schema: S,
  value: unknown,
  part: 'body' | 'query' | 'params' | 'headers',
  code: 'invalid_argument' | 'unprocessable',
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({ path: pointer(issue.path), message: issue.message }));
  const [first] = errors;
  throw new AppError(code, `${part}${first?.path ?? ''}: ${first?.message ?? 'is not valid'}`, { details: { errors } });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
