import type { AuditBoard } from '#contracts/sandbox/audit.ts';
import type { Log } from '#sandbox/log.ts';
import { openDatabases } from './databases.ts';
import type { Env } from './env.ts';
import { openClientHistory } from './evidence/client-history.ts';
import { openFaults } from './evidence/faults.ts';
import { watchFleet } from './evidence/fleet-health.ts';
import { createTopicIndex } from './evidence/topic-index.ts';
import { startTopicReader } from './evidence/topic-reader.ts';
import { openTraces } from './evidence/traces.ts';
import { serveAudit } from './http/server.ts';
import { invariants } from './invariants/index.ts';
import type { Sources } from './invariants/invariant.ts';
import { canary } from './invariants/sec2-no-personal-data.ts';
import { createBoard } from './rounds/board.ts';
import { startContinuousAudit } from './rounds/continuous.ts';
import { createFinalAudits } from './rounds/final.ts';

/** While nothing changes, readers are told this often that it was looked at. */
const quietEveryMs = 5_000;

export type Auditor = { port: number; close(): Promise<void> };

/** Opens every source of evidence, begins to audit and listens. Rejects when the port is taken. */
export async function startAuditor(env: Env, log: Log): Promise<Auditor> {
  const now = Date.now;
  const databases = openDatabases(env.DATABASE_URL);
  const index = createTopicIndex({ maxOrders: env.AUDIT_MAX_ORDERS });
  const client = openClientHistory(env.ORRERY_HOME);
  const traces = openTraces({ url: env.TELEMETRY_URL, token: env.TELEMETRY_TOKEN });
  const faults = openFaults({ url: env.CONTROL_URL, token: env.CONTROL_TOKEN });
  const health = watchFleet({ url: env.CONTROL_URL, token: env.CONTROL_TOKEN });
  const reader = startTopicReader({ brokers: env.KAFKA_BROKERS, index, canary, log, now });
  const board = createBoard(invariants, now);
  const dossiers = { databases, index, client, committed: reader.committed, now };
  const sources = (final: boolean): Sources => ({
    databases,
    index,
    client,
    traces,
    faults,
    calmSinceMs: health.calmSinceMs,
    lastStartMs: health.lastStartMs,
    nowMs: now(),
    final,
  });
  let published = '';
  let publishedAtMs = 0;
  const continuous = startContinuousAudit({
    invariants,
    board,
    dossiers,
    reader,
    health,
    sources,
    graceMs: env.AUDIT_GRACE_MS,
    log,
    onRound() {
      if (server.readers() === 0) return;
      const { verdicts, coverage } = boardNow();
      // That something was looked at again is no news by itself.
      const news = JSON.stringify([verdicts.map((verdict) => ({ ...verdict, checkedAt: null })), coverage]);
      if (news === published && now() - publishedAtMs < quietEveryMs) return;
      published = news;
      publishedAtMs = now();
      server.publish('board', boardNow());
    },
  });
  const finals = createFinalAudits({
    invariants,
    dossiers,
    reader,
    health,
    sources,
    maxOrders: env.AUDIT_MAX_ORDERS,
    onChange: (audit) => server.publish('final', audit),
  });

  function boardNow(): AuditBoard {
    const { held, messages, waiting } = index.stats();
    return {
      verdicts: board.verdicts(),
      coverage: { audited: continuous.audited(), waiting, held, messages },
      calmSince: health.calmSinceMs === null ? null : new Date(health.calmSinceMs).toISOString(),
      at: new Date(now()).toISOString(),
    };
  }

  const server = await serveAudit(
    { board: boardNow, final: finals.current, startFinal: ({ timeoutMs }) => finals.start(timeoutMs) },
    { host: env.HOST, port: env.PORT, token: env.AUDITOR_TOKEN, allowedHosts: env.ALLOWED_HOSTS },
  );
  return {
    port: server.port,
    async close() {
      await server.close();
      await Promise.all([continuous.stop(), finals.stop(), reader.stop()]);
      await databases.close();
    },
  };
}
