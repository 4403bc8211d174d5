import { AppError, isAppError } from '#contracts/errors.ts';

/** SQLSTATE of a Postgres error (appendix A of its manual), undefined for anything else. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** The transaction lost a race and may simply be run again: serialisation failure, deadlock. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** The statement was refused because one before it in the transaction had failed, or because the transaction had ended. */
export function isFollowUp(error: unknown): boolean {
  return sqlState(error) === '25P02' || isAppError(error, 'cancelled');
}

/** The server or the connection went away, or refuses for now: nothing is wrong with the statement. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) {
    return state.startsWith('08') || state.startsWith('57P') || state.startsWith('53') || state === '57014';
  }
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) return true;
  return /connection (terminated|error|timeout)|timeout expired|timeout exceeded when trying to connect|Client (was closed|has encountered)|Query read timeout|Cannot use a pool after/i.test(
    error.message,
  );
}

/** Unique-key violation, of that constraint when given. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== '23505') return false;
  return constraint === undefined || (error as { constraint?: string }).constraint === constraint;
}

/** Gives driver errors our closed codes: `unavailable` and `conflict` are retryable; everything else passes as it is. */
export function toAppError(error: unknown): unknown {
  if (isAppError(error)) return error;
  if (isConflict(error)) {
    return new AppError('conflict', 'the transaction lost a race in the database', { cause: error, retryable: true });
  }
  if (isConnectionLoss(error)) {
    return new AppError('unavailable', 'the database does not answer', { cause: error, retryAfterSeconds: 1 });
  }
  return error;
}
