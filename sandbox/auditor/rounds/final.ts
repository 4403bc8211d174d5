/**
 * The strict audit after heal → drain → quiesce, as Jepsen's final reads: when nothing moves any more, reads of several
 * databases are as good as one snapshot, and no deadline excuses anything.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#contracts/errors.ts';
import { type FinalAudit, type FinalPhase, finalPhases } from '#contracts/sandbox/audit.ts';
import { consumers, outboxOwners } from '../evidence/consumers.ts';
import type { FleetHealth } from '../evidence/fleet-health.ts';
import { type DossierSources, loadDossiers } from '../evidence/load-dossiers.ts';
import type { TopicReader } from '../evidence/topic-reader.ts';
import type { FleetInvariant, Invariant, Sources } from '../invariants/invariant.ts';
import { createBoard } from './board.ts';
import { judgeFleet, judgeOrder } from './judge.ts';

export type FinalOptions = {
  invariants: readonly Invariant[];
  dossiers: DossierSources;
  reader: TopicReader;
  health: FleetHealth;
  sources: (final: boolean) => Sources;
  maxOrders: number;
  onChange: (audit: FinalAudit) => void;
};

export type FinalAudits = {
  /** Begins one. Throws `conflict` while one runs. */
  start(timeoutMs: number): FinalAudit;
  current(): FinalAudit | null;
  stop(): Promise<void>;
};

const pollMs = 400;
const batch = 250;
/** So long must everything have been quiet. */
const quietMs = 2_000;

export function createFinalAudits(options: FinalOptions): FinalAudits {
  const stopping = new AbortController();
  let audit: FinalAudit | null = null;
  let running: Promise<void> = Promise.resolve();
  let runs = 0;

  const instant = () => new Date(options.dossiers.now()).toISOString();
  const change = (next: Partial<FinalAudit>) => {
    if (audit === null) return;
    audit = { ...audit, ...next };
    options.onChange(audit);
  };
  const phase = (name: FinalPhase['name'], next: Partial<FinalPhase>) =>
    change({ phases: audit?.phases.map((one) => (one.name === name ? { ...one, ...next } : one)) ?? [] });

  /** Waits until `trouble` has nothing to say; false when the time is over. */
  async function settle(name: FinalPhase['name'], deadlineMs: number, trouble: () => Promise<string | null>) {
    phase(name, { state: 'running', startedAt: instant() });
    for (;;) {
      const reason = await trouble().catch((error: unknown) =>
        error instanceof Error ? error.message : String(error),
      );
      stopping.signal.throwIfAborted();
      if (reason === null) {
        phase(name, { state: 'done', detail: '', endedAt: instant() });
        return;
      }
      const over = options.dossiers.now() >= deadlineMs;
      phase(name, { detail: reason, ...(over ? { state: 'given-up' as const, endedAt: instant() } : {}) });
      if (over) return;
      await sleep(pollMs, undefined, { signal: stopping.signal });
    }
  }

  async function run(timeoutMs: number): Promise<void> {
    const { dossiers, reader, health } = options;
    const deadlineMs = dossiers.now() + timeoutMs;
    await settle('heal', deadlineMs, async () => {
      await health.refresh(dossiers.now());
      return health.troubles.length === 0 ? null : health.troubles.join(', ');
    });
    await settle('drain', deadlineMs, () => undrained(options));
    let quietSinceMs = 0;
    let lastMessages = -1;
    await settle('quiesce', deadlineMs, async () => {
      const open = await unfinished(options);
      const { messages } = dossiers.index.stats();
      const undone = open > 0 ? `${open} orders are unfinished` : await undrained(options);
      if (undone !== null || messages !== lastMessages) quietSinceMs = dossiers.now();
      lastMessages = messages;
      if (undone !== null) return undone;
      return dossiers.now() - quietSinceMs < quietMs ? 'messages still arrive' : null;
    });
    phase('check', { state: 'running', startedAt: instant(), detail: 'reading every owner’s ledgers' });
    await reader.refreshCommitted();
    await dossiers.client.refresh();
    const board = createBoard(options.invariants, dossiers.now);
    const ids = await everyOrder(options);
    const nowMs = dossiers.now();
    for (let at = 0; at < ids.length; at += batch) {
      for (const dossier of await loadDossiers(dossiers, ids.slice(at, at + batch))) {
        judgeOrder(board, options.invariants, dossier, { overdue: () => true, counted: false, nowMs });
      }
      phase('check', { detail: `${Math.min(at + batch, ids.length)} of ${ids.length} orders judged` });
      stopping.signal.throwIfAborted();
    }
    for (const invariant of options.invariants.filter((one): one is FleetInvariant => one.scope === 'fleet')) {
      await judgeFleet(
        board,
        invariant,
        options.sources(true),
        async (id) => (await loadDossiers(dossiers, [id]))[0] ?? null,
      );
    }
    phase('check', { state: 'done', endedAt: instant() });
    change({ state: 'done', verdicts: board.verdicts(), endedAt: instant() });
  }

  return {
    current: () => audit,
    start(timeoutMs) {
      if (audit?.state === 'running') throw new AppError('conflict', `final audit ${audit.run} is running`);
      runs += 1;
      audit = {
        run: runs,
        state: 'running',
        phases: finalPhases.map((name) => ({ name, state: 'waiting', detail: '', startedAt: null, endedAt: null })),
        verdicts: null,
        problem: null,
        startedAt: instant(),
        endedAt: null,
      };
      options.onChange(audit);
      running = run(timeoutMs).catch((error: unknown) => {
        change({
          state: 'failed',
          problem: error instanceof Error ? error.message : String(error),
          endedAt: instant(),
        });
      });
      return audit;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** What still has to be published, read or handled; null when nothing. */
async function undrained({ dossiers, reader }: FinalOptions): Promise<string | null> {
  for (const service of outboxOwners) {
    const [row] = await dossiers.databases.query<{ n: number }>(
      service,
      'select count(*)::int as n from outbox where published_at is null and parked_at is null',
    );
    if (row !== undefined && row.n > 0) return `${row.n} rows wait in the outbox of ${service}`;
  }
  for (const consumer of consumers) {
    const [row] = await dossiers.databases.query<{ n: number; dueAt: string | null }>(
      consumer,
      `select count(*)::int as n, min(due_at) as "dueAt" from parked
       where consumer = $1 and released_at is null and due_at is not null`,
      [consumer],
    );
    if (row !== undefined && row.n > 0)
      return `${row.n} messages wait in the retry topics of ${consumer}, the first until ${row.dueAt}`;
  }
  await reader.refreshCommitted();
  const { own, groups } = reader.lag();
  if (own === null) return 'the broker does not answer';
  if (own > 0) return `${own} messages are not read here yet`;
  const behind = [...groups].filter(([, lag]) => lag > 0);
  return behind.length === 0 ? null : behind.map(([group, lag]) => `${group} lags by ${lag}`).join(', ');
}

async function unfinished({ dossiers }: FinalOptions): Promise<number> {
  const [row] = await dossiers.databases.query<{ n: number }>(
    'orders',
    `select count(*)::int as n from orders where status not in ('confirmed', 'cancelled')`,
  );
  return row?.n ?? 0;
}

/** Every order that any owner, topic or client knows, the newest if there are too many. */
async function everyOrder({ dossiers, maxOrders }: FinalOptions): Promise<string[]> {
  const { databases, index, client } = dossiers;
  const lists = await Promise.all([
    databases.query<{ id: string }>('orders', 'select id from orders order by id desc limit $1', [maxOrders]),
    databases.query<{ id: string }>(
      'inventory',
      'select order_id as id from reservations order by order_id desc limit $1',
      [maxOrders],
    ),
    databases.query<{ id: string }>(
      'payments',
      'select distinct reference as id from charge order by 1 desc limit $1',
      [maxOrders],
    ),
    databases.query<{ id: string }>('workers', 'select order_id as id from invoices order by order_id desc limit $1', [
      maxOrders,
    ]),
    databases.query<{ id: string }>('history', 'select id from order_view order by id desc limit $1', [maxOrders]),
  ]);
  const ids = new Set([
    ...lists.flat().map(({ id }) => id),
    ...index.ids(),
    ...client.acknowledged().flatMap(({ orderId }) => orderId ?? []),
  ]);
  return [...ids].sort().slice(-maxOrders);
}
