import { AppError, errorCodes, isAppError } from '#contracts/errors.ts';

/** Toxiproxy's shape of an error: `{ error, status }`. Unknown errors never show their message. */
export function toApiError(error: unknown): { error: string; status: number } {
  if (!isAppError(error)) return { error: 'internal error; see the log', status: 500 };
  // An address in use is a 500 there.
  const status = error.code === 'unavailable' ? 500 : errorCodes[error.code].status;
  return { error: error.message, status };
}

export function badBody(detail: string): AppError {
  return new AppError('invalid_argument', `bad request body: ${detail}`);
}

export function missingField(field: string): AppError {
  return new AppError('invalid_argument', `missing required field: ${field}`);
}
