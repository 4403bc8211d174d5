import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

/** Asks another process of the sandbox over HTTP. Throws `unavailable` when it does not answer in time, or strangely. */
export async function askJson<S extends z.ZodType>(
  schema: S,
  { url, token, body }: { url: string; token: string; body?: unknown },
): Promise<z.infer<S>> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(5_000),
  }).catch((cause: unknown) => {
    throw new AppError('unavailable', `${new URL(url).host} does not answer`, { cause });
  });
  if (response.status === 404) throw new AppError('not_found', `${url} is not known`);
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !parsed.success) throw new AppError('unavailable', `${url} answered ${response.status}`);
  return parsed.data;
}
