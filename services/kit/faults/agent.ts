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
  /** Begins what happens by itself; throws when it cannot. */
  start?: (fault: FaultOf<K>, running: Running) => unknown;
};

export type Running = {
  hit: (times?: number) => void;
  /** Aborted when the fault ends. */
  signal: AbortSignal;
  /** Milliseconds until that happens by itself: for whoever holds something in another process. */
  leftMs: () => number;
  /** What was begun is undone when this resolves: until then the fault is told of as one that is on. */
  until: (undone: Promise<unknown>) => void;
  tag: Tag;
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

type Armed = {
  id: string;
  order: AgentOrder;
  hits: number;
  passed: number;
  ending: AbortController;
  undone: Promise<unknown>[];
};

export function createFaultAgent({ log }: { log: Logger }): FaultAgent {
  const armed = new Map<string, Armed>();
  /** Told to end, and not yet undone. */
  const ending = new Map<string, Armed>();
  const offers = new Map<AgentFaultKind, Offer<AgentFaultKind>[]>();

  function end(found: Armed, by: string): void {
    armed.delete(found.id);
    ending.set(found.id, found);
    found.ending.abort();
    const gone = () => {
      ending.delete(found.id);
      log.warn({ faultId: found.id, fault: found.order.name, hits: found.hits, by }, 'fault ended');
    };
    if (found.undone.length === 0) gone();
    else void Promise.allSettled(found.undone).then(gone);
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
      if (armed.has(id) || ending.has(id)) throw new AppError('conflict', `fault ${id} is on already`);
      const fitting = offersFor(order.fault);
      const found: Armed = { id, order, hits: 0, passed: 0, ending: new AbortController(), undone: [] };
      const { signal } = found.ending;
      armed.set(id, found);
      log.warn({ faultId: id, fault: order.name, ttlMs: order.ttlMs, seed: order.seed }, 'fault armed');
      const endsAtMs = performance.now() + order.ttlMs;
      const lease = setTimeout(() => end(found, 'lease'), order.ttlMs);
      lease.unref();
      signal.addEventListener('abort', () => clearTimeout(lease), { once: true });
      const running: Running = {
        hit: (times = 1) => {
          found.hits += times;
        },
        signal,
        leftMs: () => Math.max(0, endsAtMs - performance.now()),
        until: (undone) => void found.undone.push(undone),
        tag: tagOf(found),
      };
      try {
        for (const { start } of fitting) await start?.(order.fault, running);
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
    list: () => [...armed.values(), ...ending.values()].map(statusOf),
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
