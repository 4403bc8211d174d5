import type { ServiceError } from '@grpc/grpc-js';
import { AppError, type ErrorCode, isAppError } from '#contracts/errors.ts';

/** gRPC status codes (grpc/doc/statuscodes.md) of our closed error codes. */
const statusOf: Record<ErrorCode, number> = {
  invalid_argument: 3,
  unauthenticated: 16,
  forbidden: 7,
  not_found: 5,
  method_not_allowed: 12,
  conflict: 10,
  payload_too_large: 8,
  unsupported_media_type: 3,
  unprocessable: 9,
  rate_limited: 8,
  cancelled: 1,
  internal: 13,
  dependency_failed: 14,
  unavailable: 14,
  deadline_exceeded: 4,
};

const codeOf: Record<number, ErrorCode> = {
  1: 'cancelled',
  3: 'invalid_argument',
  4: 'deadline_exceeded',
  5: 'not_found',
  7: 'forbidden',
  8: 'rate_limited',
  9: 'unprocessable',
  10: 'conflict',
  12: 'method_not_allowed',
  14: 'unavailable',
  16: 'unauthenticated',
};

/** What a server answers for an error. An unknown error's message stays inside. */
export function toGrpcStatus(error: unknown): { code: number; details: string } {
  if (!isAppError(error) || error.code === 'internal') return { code: 13, details: 'unexpected error' };
  return { code: statusOf[error.code], details: error.message };
}

/** What a client throws for a failed call. */
export function fromGrpcStatus(peer: string, error: ServiceError): AppError {
  const code = codeOf[error.code] ?? 'dependency_failed';
  const message =
    code === 'unavailable' || code === 'deadline_exceeded'
      ? `${peer}: ${error.details || error.message}`
      : error.details;
  return new AppError(code, message || `${peer} failed`, { cause: error });
}
