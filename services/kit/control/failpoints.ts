import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import { FailpointName, FailpointOrder, type FailpointStatus } from '#contracts/sandbox/control-channel.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Logger } from '../logger.ts';
import { annotate } from '../telemetry/spans.ts';

/** Where a process can be made to die, fail or wait on purpose. Costs one look into an empty map while none is armed. */
export type Failpoints = {
  /**
   * Marks a place in the code. Resolves at once unless the failpoint is armed for this order; then dies here, throws
   * `unavailable`, or waits.
   */
  reach(name: FailpointName, passing?: { orderId?: string | null }): Promise<void>;
  /** `reach` for each of several orders that pass together, until one is hit. */
  reachEach(name: FailpointName, orderIds: readonly string[]): Promise<void>;
  arm(name: FailpointName, order: FailpointOrder): FailpointStatus;
  disarm(name: FailpointName): FailpointStatus;
  list(): FailpointStatus[];
};

export type FailpointDeps = {
  log: Logger;
  /** Must not return: what it does ends the process. */
  die?: () => Promise<never>;
  /** Monotonic milliseconds. */
  now?: () => number;
};

type Armed = FailpointOrder & {
  action: FailpointStatus['action'];
  skipped: number;
  hits: number;
  untilMs: number;
  /** Passes that are being delayed right now; aborted when it is disarmed. */
  waiting: number;
  ending: AbortController;
};

export function createFailpoints({ log, die = killSelf, now = () => performance.now() }: FailpointDeps): Failpoints {
  const armed = new Map<FailpointName, Required<Armed>>();
  const lastHits = new Map<FailpointName, number>();

  function active(name: FailpointName): Required<Armed> | undefined {
    const found = armed.get(name);
    if (found === undefined || now() < found.untilMs) return found;
    log.warn({ failpoint: name, hits: found.hits }, 'failpoint expired');
    end(name, found);
    return undefined;
  }

  function end(name: FailpointName, found: Required<Armed>): void {
    if (armed.get(name) === found) armed.delete(name);
    found.ending.abort();
  }

  function status(name: FailpointName): FailpointStatus {
    const found = active(name);
    return {
      failpoint: name,
      armed: found !== undefined,
      action: found?.action ?? null,
      orderId: found?.orderId ?? null,
      hits: found?.hits ?? lastHits.get(name) ?? 0,
      remaining: found === undefined ? 0 : found.times - found.hits,
      expiresAt: found === undefined ? null : new Date(Date.now() + found.untilMs - now()).toISOString(),
    };
  }

  /** Counts this pass; whether it is one that is hit. */
  function hits(name: FailpointName, found: Required<Armed>, orderId: string | null): boolean {
    if (found.hits >= found.times) return false;
    if (found.orderId !== null && found.orderId !== orderId) return false;
    if (found.skipped < found.skip) {
      found.skipped += 1;
      return false;
    }
    found.hits += 1;
    lastHits.set(name, found.hits);
    // One that delays is on until the last that it has hit goes on.
    if (found.hits >= found.times && found.action !== 'delay') armed.delete(name);
    return true;
  }

  async function reach(name: FailpointName, { orderId = null }: { orderId?: string | null } = {}): Promise<void> {
    if (armed.size === 0) return;
    const found = active(name);
    if (found === undefined || !hits(name, found, orderId)) return;
    annotate({
      [names.chaosFaultKind]: `failpoint ${name}`,
      ...(found.faultId === null ? {} : { [names.chaosFaultId]: found.faultId }),
    });
    log.warn({ failpoint: name, action: found.action, hit: found.hits, orderId }, 'failpoint hit');
    if (found.action === 'kill') await die();
    if (found.action === 'error') throw new AppError('unavailable', `failpoint ${name} is armed to fail`);
    await delay(name, found);
  }

  /** Nobody waits on when the failpoint is disarmed or its time is over. */
  async function delay(name: FailpointName, found: Required<Armed>): Promise<void> {
    found.waiting += 1;
    const waitMs = Math.min(found.delayMs, found.untilMs - now());
    await sleep(waitMs, undefined, { signal: found.ending.signal }).catch(() => {});
    found.waiting -= 1;
    if (found.waiting === 0 && found.hits >= found.times) end(name, found);
  }

  return {
    reach,
    async reachEach(name, orderIds) {
      if (armed.size === 0) return;
      for (const orderId of orderIds) await reach(name, { orderId });
    },
    arm(name, order) {
      const wanted = FailpointOrder.parse(order);
      armed.get(name)?.ending.abort();
      const state = { skipped: 0, hits: 0, untilMs: now() + wanted.ttlMs, waiting: 0, ending: new AbortController() };
      armed.set(name, { ...wanted, ...state });
      lastHits.set(name, 0);
      log.warn({ failpoint: name, ...wanted }, 'failpoint armed');
      return status(name);
    },
    disarm(name) {
      const found = armed.get(name);
      if (found !== undefined) {
        end(name, found);
        log.warn({ failpoint: name, hits: found.hits }, 'failpoint disarmed');
      }
      return status(name);
    },
    list: () => FailpointName.options.map(status),
  };
}

/** SIGKILL is delivered when the kernel pleases: nothing after this line may run until then. */
function killSelf(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}
