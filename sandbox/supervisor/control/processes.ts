/** `/v1/processes…`: see contracts/sandbox/control.ts. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#contracts/errors.ts';
import { ProcessAction } from '#contracts/sandbox/control.ts';
import type { Processes } from '../processes.ts';
import { allow, notFound, sendJson } from './answers.ts';
import { type ControlChannel, forward, isForwarded } from './control-channel.ts';

type Options = { runner: Processes; channel: ControlChannel };

/** `parts` is the path below `/v1/processes`. */
export async function routeProcesses(
  request: IncomingMessage,
  response: ServerResponse,
  { runner, channel }: Options,
  parts: readonly string[],
): Promise<void> {
  const [name, action] = parts;
  if (name === undefined) {
    allow(request, 'GET');
    const all = runner.processes.map((process) => process.status());
    sendJson(response, 200, all);
    return;
  }
  const process = runner.find(name);
  if (action === undefined) {
    allow(request, 'GET');
    sendJson(response, 200, process.status());
    return;
  }
  if (isForwarded(action)) {
    await forward(channel, request, response, { service: name, rest: parts.slice(1) });
    return;
  }
  if (parts.length > 2) throw notFound(request.url ?? '');
  if (action === 'logs') {
    allow(request, 'GET');
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const after = wholeNumber(query, 'after', 0, 0, Number.MAX_SAFE_INTEGER);
    sendJson(response, 200, process.lines(wholeNumber(query, 'lines', 200, 1, 2_000), after));
    return;
  }
  const parsed = ProcessAction.safeParse(action);
  if (!parsed.success) throw notFound(request.url ?? '');
  allow(request, 'POST');
  sendJson(response, 202, runner.act(name, parsed.data).status());
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number, min: number, max: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new AppError(
      'invalid_argument',
      `${name} must be a whole number from ${min} to ${max}, not "${text.slice(0, 50)}"`,
    );
  }
  return value;
}
