import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, isAppError } from '#contracts/errors.ts';
import { createGuard } from '../resilience/guard.ts';
import type { Service } from '../service.ts';

/** A Lua script, which runs on the server as one atomic step, with the server's clock. */
export type Script = { source: string };

/**
 * A Valkey that is shared by replicas and may be gone at any time: what is in it is a convenience. No call takes longer
 * than `timeoutMs`, and while its breaker is open none takes any time; then it throws `unavailable`,
 * `deadline_exceeded` or `dependency_failed`, and the caller goes on without.
 */
export type Valkey = {
  send(...words: string[]): Promise<unknown>;
  run(script: Script, keys: readonly string[], args: readonly string[]): Promise<unknown>;
};

export type ValkeyOptions = { url: string; timeoutMs?: number };

/** Calls without an answer, one after the other, after which a connection counts as dead although it is open. */
const silenceLimit = 3;

/**
 * Connects in the background, now and whenever the connection is lost; a process boots without it. Registers the
 * optional readiness check `valkey`, the guard's figures and the shutdown step. The client library is loaded here, so
 * that only a process that is told of a Valkey pays for it (27 MiB).
 */
export async function openValkey(
  service: Pick<Service, 'name' | 'log' | 'patterns' | 'faults' | 'health' | 'shutdown'>,
  { url, timeoutMs = 50 }: ValkeyOptions,
): Promise<Valkey> {
  const { createClient } = await import('@redis/client');
  const { log } = service;
  const guard = createGuard({ ...service, peer: 'valkey', maxConcurrent: 256, maxQueued: 0 });
  const digests = new Map<string, string>();
  let silent = 0;
  let lost = false;
  let client = connect();

  function connect() {
    const fresh = createClient({
      url,
      name: service.name,
      disableOfflineQueue: true,
      disableClientInfo: true,
      commandsQueueMaxLength: 1_000,
      maintNotifications: 'disabled',
      socket: {
        connectTimeout: 1_000,
        reconnectStrategy: (retries: number) => Math.min(2_000, 50 * 2 ** retries) * (0.5 + Math.random() / 2),
      },
    });
    fresh.on('ready', () => {
      log.info('valkey is connected');
      lost = false;
    });
    fresh.on('error', (error: Error) => {
      // Said once per loss: it is tried again several times per second.
      if (!lost) log.warn({ error: error.message }, 'valkey cannot be reached, going on without');
      lost = true;
    });
    // It tries until it is destroyed, which is what this then rejects with.
    fresh.connect().catch(() => {});
    return fresh;
  }

  async function ask(words: readonly string[]): Promise<unknown> {
    const late = new AbortController();
    const asked = client.sendCommand(words);
    asked.catch(() => {});
    try {
      const answer = await Promise.race([asked, timeout(late.signal)]);
      silent = 0;
      return answer;
    } catch (error) {
      throw explained(error);
    } finally {
      late.abort();
    }
  }

  async function timeout(signal: AbortSignal): Promise<never> {
    await sleep(timeoutMs, undefined, { signal });
    silent += 1;
    if (silent >= silenceLimit) {
      // A peer that went away without a word leaves a connection on which packets are sent again for a quarter of an hour.
      silent = 0;
      client.destroy();
      client = connect();
    }
    throw new AppError('deadline_exceeded', `valkey did not answer within ${timeoutMs} ms`);
  }

  async function runScript({ source }: Script, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    const digest = digests.get(source);
    if (digest !== undefined) {
      try {
        return await ask(['EVALSHA', digest, ...rest]);
      } catch (error) {
        // It was restarted, or its scripts were flushed.
        if (!isAppError(error, 'dependency_failed') || !error.message.includes('NOSCRIPT')) throw error;
      }
    }
    digests.set(source, String(await ask(['SCRIPT', 'LOAD', source])));
    return ask(['EVALSHA', digests.get(source) ?? '', ...rest]);
  }

  service.shutdown.add('valkey', () => client.destroy());
  service.health.addCheck('valkey', () => ask(['PING']), { optional: true });
  return {
    send: (...words) => guard.run(() => ask(words)),
    run: (script, keys, args) => guard.run(() => runScript(script, keys, args)),
  };
}

/** Server errors say their kind in capitals first: `NOSCRIPT …`, `OOM …`, `NOPERM …`. */
function explained(error: unknown): AppError {
  if (isAppError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z]{2,}\b/.test(message)
    ? new AppError('dependency_failed', `valkey refused: ${message}`, { cause: error })
    : new AppError('unavailable', `valkey cannot be reached: ${message}`, { cause: error });
}
