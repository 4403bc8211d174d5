/**
 * The faults of one process. Interceptors at its edges (HTTP, gRPC, consumer, relay) ask whether they are struck;
 * business code never does. The agent holds the leases: each ends on a timer of this process.
 */
import { createHash } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import { AppError } from '#contracts/errors.ts';
import type { AgentFault, AgentFaultKind, AgentOrder, AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Logger } from '../logger.ts';
import type { Span } from '../telemetry/spans.ts';

export type FaultOf<K extends AgentFaultKind> = Extract<AgentFault, { kind: K }>;

/** A fault that has hit. `signal` is aborted when it ends: nobody waits on for its sake. */
export type Struck<K extends AgentFaultKind> = { fault: FaultOf<K>; signal: AbortSignal };

export type Offer<K extends AgentFaultKind> = {
  /** Names that `only` may have. Any when absent. */
  knows?: (only: string) => boolean;
  /** Begins what happens by itself; throws when it cannot. `hit` counts, `signal` ends it. */
  start?: (fault: FaultOf<K>, running: { hit: (times?: number) => void; signal: AbortSignal; tag: Tag }) => unknown;
};

/** What the spans of a fault carry. */
export type Tag = { [names.chaosFaultId]: string; [names.chaosFaultKind]: string };

export type FaultAgent = {
  /** False nearly always: what an interceptor looks at first. */
  isArmed(): boolean;
  /** A part of the process says that it can be hit so. */
  offer<K extends AgentFaultKind>(kind: K, offer?: Offer<K>): void;
  /**
   * Whether what passes here is hit: by name (`only`), by `fits`, and by the fault's share. A hit is counted, and
   * marked on `span` (the active one when absent).
   */
  strike<K extends AgentFaultKind>(
    kind: K,
    name: string,
    options?: { span?: Span; fits?: (fault: FaultOf<K>, hits: number) => boolean },
  ): Struck<K> | null;
  /** Throws `conflict` for an id that is on, `unprocessable` for what this process does not offer. */
  arm(id: string, order: AgentOrder): Promise<AgentStatus>;
  /** False when it was not on. */
  disarm(id: string): boolean;
  list(): AgentStatus[];
};

type Armed = { id: string; order: AgentOrder; hits: number; passed: number; ending: AbortController };

export function createFaultAgent({ log }: { log: Logger }): FaultAgent {
  const armed = new Map<string, Armed>();
  const offers = new Map<AgentFaultKind, Offer<AgentFaultKind>[]>();

  function end(found: Armed, by: string): void {
    armed.delete(found.id);
    found.ending.abort();
    log.warn({ faultId: found.id, fault: found.order.name, hits: found.hits, by }, 'fault ended');
  }

  const statusOf = ({ id, order, hits }: Armed): AgentStatus => ({ id, kind: order.fault.kind, hits });

  function offersFor(fault: AgentFault): Offer<AgentFaultKind>[] {
    const known = offers.get(fault.kind);
    if (known === undefined) throw new AppError('unprocessable', `nothing here can be hit by ${fault.kind}`);
    const wanted = 'only' in fault ? fault.only : '';
    const fitting = known.filter(({ knows }) => wanted === '' || (knows?.(wanted) ?? true));
    if (fitting.length === 0) throw new AppError('unprocessable', `${fault.kind}: there is no "${wanted}" here`);
    return fitting;
  }

  return {
    isArmed: () => armed.size > 0,
    offer(kind, offer = {}) {
      offers.set(kind, [...(offers.get(kind) ?? []), offer as unknown as Offer<AgentFaultKind>]);
    },
    strike(kind, name, { span, fits } = {}) {
      if (armed.size === 0) return null;
      for (const found of armed.values()) {
        const fault = found.order.fault as FaultOf<typeof kind>;
        if (fault.kind !== kind || !isMeant(fault, name) || fits?.(fault, found.hits) === false) continue;
        found.passed += 1;
        if ('share' in fault && draw(found.order.seed, found.passed) >= fault.share) continue;
        found.hits += 1;
        (span ?? trace.getActiveSpan())?.setAttributes(tagOf(found));
        return { fault, signal: found.ending.signal };
      }
      return null;
    },
    async arm(id, order) {
      if (armed.has(id)) throw new AppError('conflict', `fault ${id} is on already`);
      const fitting = offersFor(order.fault);
      const found: Armed = { id, order, hits: 0, passed: 0, ending: new AbortController() };
      const { signal } = found.ending;
      armed.set(id, found);
      log.warn({ faultId: id, fault: order.name, ttlMs: order.ttlMs, seed: order.seed }, 'fault armed');
      const lease = setTimeout(() => end(found, 'lease'), order.ttlMs);
      lease.unref();
      signal.addEventListener('abort', () => clearTimeout(lease), { once: true });
      const hit = (times = 1) => {
        found.hits += times;
      };
      try {
        for (const { start } of fitting) await start?.(order.fault, { hit, signal, tag: tagOf(found) });
      } catch (error) {
        end(found, 'failure');
        throw error;
      }
      return statusOf(found);
    },
    disarm(id) {
      const found = armed.get(id);
      if (found !== undefined) end(found, 'order');
      return found !== undefined;
    },
    list: () => [...armed.values()].map(statusOf),
  };
}

function isMeant(fault: AgentFault, name: string): boolean {
  return !('only' in fault) || fault.only === '' || fault.only === name;
}

function tagOf({ id, order }: Armed): Tag {
  return { [names.chaosFaultId]: id, [names.chaosFaultKind]: order.name };
}

/** The decision about the n-th that passes, uniform in [0, 1): the same for the same seed. */
function draw(seed: string, n: number): number {
  return createHash('sha256').update(`${seed}/${n}`).digest().readUInt32BE() / 2 ** 32;
}
