import type { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';

/**
 * Asks another process of the sandbox over HTTP. Throws `not_found` when it answers 404, and `unavailable`, with the
 * problem's detail, when it refuses, answers strangely, or not in time.
 */
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
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const detail = Problem.safeParse(answer).data?.detail;
    throw new AppError('unavailable', [`${url} answered ${response.status}`, detail].filter(Boolean).join(': '));
  }
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new AppError('unavailable', `${url} answered ${response.status} with something unknown`);
  return parsed.data;
}
