import { z } from 'zod';

/**
 * Every expected failure in the system, as a closed union. The code decides the HTTP status, the gRPC status and
 * whether a Kafka consumer retries; the message is for people.
 */
export const errorCodes = {
  invalid_argument: { status: 400, retryable: false },
  unauthenticated: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  conflict: { status: 409, retryable: false },
  payload_too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  unprocessable: { status: 422, retryable: false },
  rate_limited: { status: 429, retryable: true },
  cancelled: { status: 499, retryable: false },
  internal: { status: 500, retryable: false },
  dependency_failed: { status: 502, retryable: true },
  unavailable: { status: 503, retryable: true },
  deadline_exceeded: { status: 504, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** What a code says by itself: `title` of every problem with it. */
export const errorTitles: Readonly<Record<ErrorCode, string>> = {
  invalid_argument: 'The request is not valid',
  unauthenticated: 'A valid access token is needed',
  forbidden: 'This is not allowed for you',
  not_found: 'There is no such thing',
  method_not_allowed: 'This method is not supported here',
  conflict: 'The request conflicts with the current state',
  payload_too_large: 'The body is too large',
  unsupported_media_type: 'The body has an unsupported media type',
  unprocessable: 'The content of the request is not valid',
  rate_limited: 'Too many requests',
  cancelled: 'The request was cancelled',
  internal: 'Something went wrong on our side',
  dependency_failed: 'A service that we depend on failed',
  unavailable: 'Temporarily not available',
  deadline_exceeded: 'It took too long',
};

export type AppErrorOptions = {
  cause?: unknown;
  /** Overrides the code's default: a `conflict` on a serialisation failure, say, is worth another try. */
  retryable?: boolean;
  /** Machine-readable extras that become members of the problem document (RFC 9457 §3.2). */
  details?: Record<string, unknown>;
  /** Seconds until a retry makes sense; becomes the Retry-After header. */
  retryAfterSeconds?: number;
};

/** An expected failure. Check by `code` (`isAppError(e, 'not_found')`), never by `instanceof`. */
export class AppError extends Error {
  readonly appError = true;
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? errorCodes[code].retryable;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** True for an AppError (of that code, when given), also across two copies of this module. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  if (typeof error !== 'object' || error === null || !('appError' in error)) return false;
  return code === undefined || (error as AppError).code === code;
}

/** Problem document as every HTTP edge answers it, `application/problem+json` (RFC 9457). */
export const Problem = z
  .object({
    type: z.string().describe('URI reference that identifies the kind of problem, e.g. /problems/invalid_argument'),
    title: z.string().describe('Short summary of the kind, the same for every occurrence'),
    status: z.int().describe('HTTP status code'),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]).describe('Closed error code'),
    detail: z.string().describe('What happened this time, to which id, and what to try'),
    instance: z.string().optional().describe('Path of the request'),
    requestId: z.string().optional().describe('Request id, to find its log lines'),
    traceId: z.string().optional().describe('Trace id, 32 hex digits'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Field errors of an invalid body, path as JSON pointer'),
    sku: z.string().optional().describe('The SKU that the problem is about'),
  })
  .loose();
export type Problem = z.infer<typeof Problem>;
