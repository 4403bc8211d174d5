/** Requests to an API as Toxiproxy has it, ours and Toxiproxy's own. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { AppError } from '#contracts/errors.ts';
import type { Address } from '../addresses.ts';

const timeoutMs = 2_000;

export function createProxyApi(api: string) {
  /** Throws what the proxies answered, other than 404, or `dependency_failed` when they do not. */
  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${api}${path}`, { method, ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
      (cause: unknown) => {
        throw new AppError('dependency_failed', 'toxics does not answer', { cause });
      },
    );
    const text = await response.text();
    const answer: unknown = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null;
    if (response.ok || response.status === 404) return { status: response.status, body: answer };
    const { error = `status ${response.status}` } = (answer ?? {}) as { error?: string };
    throw new AppError(response.status === 409 ? 'conflict' : 'dependency_failed', `toxics: ${error}`);
  }

  /** As `call`; throws `not_found` when the edge has no proxy. */
  async function must(edge: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await call(method, path, body);
    if (answer.status === 404) throw new AppError('not_found', `toxics has no proxy "${edge}"`);
    return answer.body;
  }

  const proxy = (edge: string) => `/proxies/${encodeURIComponent(edge)}`;
  const toxic = (edge: string, name: string) => `${proxy(edge)}/toxics/${encodeURIComponent(name)}`;
  return { call, must, proxy, toxic };
}

/** Opens a connection and closes it. Throws `dependency_failed` when it is refused. */
export async function probeAddress(edge: string, address: Address): Promise<void> {
  const socket = connect(address);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    throw new AppError('dependency_failed', `${edge} cannot be connected to`, { cause });
  } finally {
    socket.destroy();
  }
}
