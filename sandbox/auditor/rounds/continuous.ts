/**
 * The audit that never ends: orders that have come to rest are judged once, in batches; what breaks something is looked
 * at again until it no longer does. Looks at whole tables are spaced so that they take a fiftieth of the time at most.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#sandbox/log.ts';
import type { FleetHealth } from '../evidence/fleet-health.ts';
import { type DossierSources, loadDossiers } from '../evidence/load-dossiers.ts';
import type { TopicReader } from '../evidence/topic-reader.ts';
import type { FleetInvariant, Invariant, Sources } from '../invariants/invariant.ts';
import type { Board } from './board.ts';
import { judgeFleet, judgeOrder } from './judge.ts';

export type ContinuousOptions = {
  invariants: readonly Invariant[];
  board: Board;
  dossiers: DossierSources;
  reader: TopicReader;
  health: FleetHealth;
  sources: (final: boolean) => Sources;
  graceMs: number;
  log: Log;
  /** Called after a round in which something may have changed. */
  onRound: () => void;
};

export type ContinuousAudit = { audited(): number; stop(): Promise<void> };

const tickMs = 1_000;
const batch = 250;
/** A reader that has not caught up for this long knows too little for a verdict. */
const behindMs = 10_000;
/** A message of an order that does not end is judged after this time: it may belong to none. */
const staleMs = 30_000;
/** Wait before a second look at what breaks something; doubled each time. */
const retryEveryMs = 3_000;
const retryMostMs = 30_000;
const restFactor = 50;
const strayEveryMs = 15_000;
/** After a look that had nothing to see, or failed. */
const soonMs = 3_000;

export function startContinuousAudit(options: ContinuousOptions): ContinuousAudit {
  const { board, dossiers, reader, health, invariants, log } = options;
  const { index, databases } = dossiers;
  const stopping = new AbortController();
  /** Orders that must be looked at again, and since when they rest. */
  const again = new Map<string, { sinceMs: number; nextMs: number; looks: number; counted: boolean }>();
  const nextLook = new Map<string, number>();
  const strays = new Set<string>();
  let strayAtMs = 0;
  let audited = 0;

  async function judgeOrders(): Promise<void> {
    const nowMs = dossiers.now();
    // Partitions are read at different speeds: what one of them still holds back must not look as if it were missing.
    const readUntilMs = reader.caughtUpAtMs();
    if (nowMs - readUntilMs > behindMs) return;
    const due = index.due(readUntilMs - options.graceMs, readUntilMs - staleMs, batch);
    const retries = [...again].filter(([, { nextMs }]) => nextMs <= nowMs).map(([id]) => id);
    const ids = [...new Set([...due.map(({ id }) => id), ...retries.slice(0, batch)])];
    if (ids.length === 0) return;
    const read = await loadDossiers(dossiers, ids);
    for (const { id } of due) {
      const order = index.get(id);
      if (order) order.settled = true;
    }
    for (const dossier of read) {
      const order = index.get(dossier.orderId);
      const known = again.get(dossier.orderId);
      const sinceMs = order?.touchedAt ?? known?.sinceMs ?? nowMs;
      const counted = order?.counted ?? known?.counted ?? false;
      const restedMs = health.calmSinceMs === null ? 0 : nowMs - Math.max(sinceMs, health.calmSinceMs);
      const judged = judgeOrder(board, invariants, dossier, { overdue: (ms) => restedMs > ms, counted, nowMs });
      const countedNow = counted || judged.definite;
      if (order) order.counted = countedNow;
      if (countedNow && !counted) audited += 1;
      if (judged.definite && !judged.broken) again.delete(dossier.orderId);
      else {
        const looks = (known?.looks ?? 0) + 1;
        const waitMs = Math.min(retryEveryMs * 2 ** Math.min(looks - 1, 10), retryMostMs);
        again.set(dossier.orderId, { sinceMs, nextMs: nowMs + waitMs, looks, counted: countedNow });
      }
    }
  }

  /** Charges of orders that no message tells of: nothing else would lead to them. */
  async function findStrays(): Promise<void> {
    const nowMs = dossiers.now();
    if (nowMs - strayAtMs < strayEveryMs) return;
    strayAtMs = nowMs;
    const rows = await databases.query<{ id: string }>(
      'payments',
      `select distinct reference as id from charge
       where created_at between now() - interval '90 seconds' and now() - interval '20 seconds'`,
    );
    for (const { id } of rows) {
      if (index.get(id) !== undefined || index.forgotten(id) || strays.has(id)) continue;
      strays.add(id);
      again.set(id, { sinceMs: nowMs, nextMs: nowMs, looks: 0, counted: false });
    }
  }

  async function lookAtTheWhole(): Promise<void> {
    for (const invariant of invariants.filter((one): one is FleetInvariant => one.scope === 'fleet')) {
      if ((nextLook.get(invariant.id) ?? 0) > dossiers.now() || stopping.signal.aborted) continue;
      const startedAt = performance.now();
      const conclusive = await judgeFleet(board, invariant, options.sources(false), async (orderId) => {
        const [dossier] = await loadDossiers(dossiers, [orderId]);
        return dossier ?? null;
      });
      const tookMs = performance.now() - startedAt;
      nextLook.set(
        invariant.id,
        dossiers.now() + Math.max(conclusive ? invariant.everyMs : soonMs, restFactor * tookMs),
      );
    }
  }

  async function run(): Promise<void> {
    for (let round = 0; !stopping.signal.aborted; round++) {
      // One step that fails (a database is down) keeps no other from being taken.
      const steps: [string, () => Promise<void>][] = [
        ['health', () => (round % 3 === 0 ? health.refresh(dossiers.now()) : Promise.resolve())],
        ['offsets', () => (round % 3 === 0 ? reader.refreshCommitted() : Promise.resolve())],
        ['client histories', () => dossiers.client.refresh()],
        ['orders', judgeOrders],
        ['strays', findStrays],
        ['the whole', lookAtTheWhole],
      ];
      for (const [what, step] of steps) {
        if (stopping.signal.aborted) return;
        await step().catch((error: unknown) =>
          log.debug('a step of the audit failed, it is taken again', { what, reason: String(error) }),
        );
      }
      options.onRound();
      await sleep(tickMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    audited: () => audited,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
