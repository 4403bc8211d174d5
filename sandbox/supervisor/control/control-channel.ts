/** `/v1/patterns` and `/v1/processes/:name/{patterns,failpoints,parked}…`: what the services answer on their control channels. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AppError, Problem } from '#contracts/errors.ts';
import { PatternStatus, type ServicePatterns, type SwitchedOff } from '#contracts/sandbox/control-channel.ts';
import type { PatternRef } from '#contracts/sandbox/experiment-file.ts';
import { allow, notFound, readJson, sendJson } from './answers.ts';

export type ControlChannel = {
  /** Services that have a control channel, by name. */
  services: readonly string[];
  /** Base URL of a service's channel, or null while the process does not run. */
  urlOf(service: string): string | null;
  token: string;
  /**
   * Services in which a pattern was switched off, with a mark of the last time: only they are asked what is off, so the
   * question is free otherwise.
   */
  touched: Map<string, symbol>;
};

const forwarded: readonly string[] = ['patterns', 'failpoints', 'parked'];
const timeoutMs = 3_000;

/** Whether `/v1/processes/:name/<resource>` is for the service itself to answer. */
export function isForwarded(resource: string): boolean {
  return forwarded.includes(resource);
}

/** `parts` is the path below `/v1/patterns`. */
export async function routePatterns(
  request: IncomingMessage,
  response: ServerResponse,
  channel: ControlChannel,
  parts: readonly string[],
): Promise<void> {
  const [off] = parts;
  if (parts.length > 1 || (off !== undefined && off !== 'off')) throw notFound(request.url ?? '');
  allow(request, 'GET');
  sendJson(response, 200, off === undefined ? await allPatterns(channel) : await switchedOff(channel));
}

/** Passes a request on and its answer back. Throws `not_found`, `conflict` while the process is down, `dependency_failed`. */
export async function forward(
  channel: ControlChannel,
  request: IncomingMessage,
  response: ServerResponse,
  { service, rest }: { service: string; rest: readonly string[] },
): Promise<void> {
  const method = request.method ?? 'GET';
  const body = method === 'PUT' || method === 'POST' ? await readJson(request, z.unknown()) : undefined;
  const answer = await callChannel(channel, service, method, rest.map(encodeURIComponent).join('/'), body);
  if (PatternStatus.safeParse(answer).data?.enabled === false) channel.touched.set(service, Symbol(service));
  sendJson(response, 200, answer);
}

/** What is switched off now. A process that does not answer adds nothing: switches do not survive it. */
export async function switchedOff(channel: ControlChannel): Promise<SwitchedOff[]> {
  const found = await Promise.all(
    [...channel.touched].map(async ([service, touch]) => {
      const patterns = await callChannel(channel, service, 'GET', 'patterns').then(
        (answer) => PatternStatus.array().parse(answer),
        () => null,
      );
      const allOn = patterns?.every(({ enabled }) => enabled) ?? false;
      // Not when it was switched off while the answer was on its way.
      if (allOn && channel.touched.get(service) === touch) channel.touched.delete(service);
      return (patterns ?? []).flatMap(({ pattern, offSince }) =>
        offSince === null ? [] : [{ service, pattern, offSince }],
      );
    }),
  );
  return found.flat();
}

/** Switches a pattern of a service on or off. Throws as `forward` does. */
export async function switchPattern(
  channel: ControlChannel,
  { service, pattern }: PatternRef,
  enabled: boolean,
): Promise<void> {
  await callChannel(channel, service, 'PUT', `patterns/${pattern}`, { enabled });
  if (!enabled) channel.touched.set(service, Symbol(service));
}

/** The patterns of every service at once. A service that does not answer is listed with the reason. */
export function allPatterns(channel: ControlChannel): Promise<ServicePatterns[]> {
  return Promise.all(
    channel.services.map(async (service) => {
      try {
        const patterns = PatternStatus.array().parse(await callChannel(channel, service, 'GET', 'patterns'));
        return { service, patterns, reason: null };
      } catch (error) {
        return { service, patterns: null, reason: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

/** One request to a service's control channel; its answer. Throws as `forward` does. */
export async function callChannel(
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
