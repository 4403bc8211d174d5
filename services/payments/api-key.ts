import { createHash, timingSafeEqual } from 'node:crypto';
import { AppError } from '#contracts/errors.ts';

/** Checks `Authorization: Bearer <key>` without telling by its timing how much of it was right. Throws `unauthenticated`. */
export function assertApiKey(authorization: string | undefined, apiKey: string): void {
  const presented = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(presented), digest(apiKey))) return;
  throw new AppError('unauthenticated', 'an Authorization header with the API key of this provider is needed');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
