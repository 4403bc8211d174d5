/** `/v1/patterns` and `/v1/processes/:name/{patterns,failpoints}…`: what the services answer on their control channels. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';
import { PatternStatus, type ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { readJson, sendJson } from './answers.ts';

export type ControlChannel = {
  /** Services that have a control channel, by name. */
  services: readonly string[];
  /** Base URL of a service's channel, or null while the process does not run. */
  urlOf(service: string): string | null;
  token: string;
};

export const forwarded = ['patterns', 'failpoints'] as const;
const timeoutMs = 3_000;

/** Passes a request on and its answer back. Throws `not_found`, `conflict` while the process is down, `dependency_failed`. */
export async function forward(
  channel: ControlChannel,
  request: IncomingMessage,
  response: ServerResponse,
  { service, rest }: { service: string; rest: readonly string[] },
): Promise<void> {
  const method = request.method ?? 'GET';
  const body = method === 'PUT' || method === 'POST' ? await readJson(request, z.unknown()) : undefined;
  const answer = await call(channel, service, method, rest.map(encodeURIComponent).join('/'), body);
  sendJson(response, 200, answer);
}

/** The patterns of every service at once. A service that does not answer is listed with the reason. */
export function allPatterns(channel: ControlChannel): Promise<ServicePatterns[]> {
  return Promise.all(
    channel.services.map(async (service) => {
      try {
        const patterns = PatternStatus.array().parse(await call(channel, service, 'GET', 'patterns'));
        return { service, patterns, reason: null };
      } catch (error) {
        return { service, patterns: null, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

async function call(
  channel: ControlChannel,
  service: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  if (!channel.services.includes(service)) throw new AppError('not_found', `${service} has no control channel`);
  const base = channel.urlOf(service);
  if (base === null) throw new AppError('conflict', `${service} does not run`);
  const answer = await fetch(`${base}/control/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${channel.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new AppError('dependency_failed', `the control channel of ${service} did not answer`, { cause });
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  const problem = Problem.safeParse(safeJson(text));
  if (problem.success) throw new AppError(problem.data.code, `${service}: ${problem.data.detail}`);
  throw new AppError('dependency_failed', `the control channel of ${service} answered ${answer.status}`);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
