import { TRPCError } from '@trpc/server';
import { type ErrorCode, isAppError } from '#contracts/errors.ts';

const codes: Record<ErrorCode, TRPCError['code']> = {
  invalid_argument: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_SUPPORTED',
  conflict: 'CONFLICT',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  unprocessable: 'UNPROCESSABLE_CONTENT',
  rate_limited: 'TOO_MANY_REQUESTS',
  cancelled: 'CLIENT_CLOSED_REQUEST',
  internal: 'INTERNAL_SERVER_ERROR',
  dependency_failed: 'BAD_GATEWAY',
  unavailable: 'SERVICE_UNAVAILABLE',
  deadline_exceeded: 'GATEWAY_TIMEOUT',
};

/** An expected failure keeps its message; of a bug the client learns only that there was one. */
export function toTrpcError(error: unknown): TRPCError {
  if (error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error;
  const cause = error instanceof TRPCError ? error.cause : error;
  if (isAppError(cause)) return new TRPCError({ code: codes[cause.code], message: cause.message, cause });
  return new TRPCError({
    code: 'INTERNAL_SERVER_ERROR',
    message: 'Something failed inside the console. Its log has the details.',
    cause: cause instanceof Error ? cause : new Error(String(cause)),
  });
}
