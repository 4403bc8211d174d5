import type { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';
import { currentState, type Running } from './control-client.ts';

/** Asks the telemetry store and parses its answer. Throws the error that it answered. */
export async function askTelemetry<T>(
  running: Running,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const { endpoints } = await currentState(running);
  const response = await fetch(`${endpoints.telemetry}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${running.launch.telemetryToken}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw new AppError('unavailable', `telemetry at ${endpoints.telemetry} does not answer`, { cause });
  });
  const answer: unknown = await response.json();
  if (response.ok) return schema.parse(answer);
  const problem = Problem.parse(answer);
  throw new AppError(problem.code, problem.detail);
}
