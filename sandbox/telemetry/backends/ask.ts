import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';

/** A backend as it is named to people, and where it is. */
export type Backend = { name: 'Tempo' | 'Loki' | 'Prometheus'; url: string };

const deadlineMs = 15_000;
const mostOfItsMessage = 300;

export type Question<S extends z.ZodType> = {
  path: string;
  params?: Record<string, string>;
  headers?: Record<string, string>;
  schema: S;
  signal: AbortSignal;
};

/**
 * Asks a backend for JSON. Null when it answers 404. Throws `unavailable` when it does not answer or is not well,
 * `dependency_failed` when it refuses the question or answers something unknown; each names it.
 */
export async function ask<S extends z.ZodType>(backend: Backend, question: Question<S>): Promise<z.output<S> | null> {
  const response = await get(backend, question);
  if (response.status === 404) return null;
  const text = await response.text().catch((cause: unknown) => lost(backend, question.signal, cause));
  if (!response.ok) throw refusal(backend, response.status, text);
  const parsed = question.schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const { path = [], message = '' } = parsed.error.issues[0] ?? {};
  throw new AppError(
    'dependency_failed',
    `${backend.name} answers ${question.path} with something unknown, at /${path.join('/')}: ${message}`,
  );
}

/** Throws unless the backend says that it is ready. */
export async function askReady(backend: Backend, path: string, signal: AbortSignal): Promise<void> {
  const response = await get(backend, { path, schema: z.unknown(), signal });
  const text = await response.text().catch((cause: unknown) => lost(backend, signal, cause));
  if (!response.ok) throw new AppError('unavailable', `${backend.name} is not ready: ${shortened(text)}`);
}

async function get<S extends z.ZodType>(backend: Backend, { path, params, headers, signal }: Question<S>) {
  const url = new URL(path, backend.url);
  for (const [name, value] of Object.entries(params ?? {})) url.searchParams.set(name, value);
  try {
    return await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
  } catch (cause) {
    return lost(backend, signal, cause);
  }
}

function lost({ name, url }: Backend, signal: AbortSignal, cause: unknown): never {
  if (signal.aborted) throw new AppError('cancelled', 'the client went away', { cause });
  const late = cause instanceof Error && cause.name === 'TimeoutError';
  throw new AppError(
    late ? 'deadline_exceeded' : 'unavailable',
    late ? `${name} at ${url} did not answer within ${deadlineMs / 1000} s` : `${name} at ${url} does not answer`,
    { cause },
  );
}

function refusal({ name }: Backend, status: number, text: string): AppError {
  if (status >= 500 || status === 429)
    return new AppError('unavailable', `${name} answers ${status}: ${shortened(text)}`);
  return new AppError('dependency_failed', `${name} refuses the query (${status}): ${shortened(text)}`);
}

function shortened(text: string): string {
  return text.trim().slice(0, mostOfItsMessage);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
