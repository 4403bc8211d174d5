import { createServer } from 'node:http';
import type { Log } from '#sandbox/log.ts';
import { embeddedAnswers } from './api/embedded.ts';
import { createRouter } from './api/router.ts';
import { createWindowsFile } from './faults/windows-file.ts';
import { servedNames } from './http/guard.ts';
import { listen } from './http/listen.ts';
import { createIntake } from './intake.ts';
import { createHub } from './live/hub.ts';
import { createTraceWindow } from './live/window.ts';
import { createReceiver } from './otlp/receiver.ts';
import { createRedTable } from './red/red.ts';
import { openStore, type Store } from './store/store.ts';

export type TelemetryOptions = {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Host names besides loopback that requests may be addressed to, comma-separated. */
  allowedHosts?: string;
  dataDir: string;
  otlpKey: string;
  token: string;
  /** Retention: what the store may take on disk. */
  budgetBytes: number;
  log: Log;
};

/** A running telemetry store. */
export type Telemetry = {
  url: string;
  port: number;
  store: Store;
  /** Stops listening, ends streams, writes what is pending, closes the database. */
  close(): Promise<void>;
};

// A transaction costs as much as 200 spans, however small: half of the second that a kill may cost.
const flushMs = 500;
const retentionCheckMs = 10_000;
const windowBounds = { spans: 8_000, traces: 10_000 };

/** Opens the store and listens. Rejects when the port is taken or the database is in use. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  const { log } = options;
  const window = createTraceWindow(windowBounds);
  const store = await openStore({
    folder: options.dataDir,
    budgetBytes: options.budgetBytes,
    flushMs,
    startOf: (traceId) => window.get(traceId)?.part.startNano ?? null,
    log,
  });
  const hub = createHub();
  const red = createRedTable(Date.now);
  const intake = createIntake(store, window, red, hub);
  const faults = createWindowsFile(options.dataDir, log);
  intake.learnFaults(faults.read());
  const receiver = createReceiver({ intake, key: options.otlpKey, log });
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 60_000 },
    createRouter({
      answers: embeddedAnswers({
        store,
        red,
        hub,
        window,
        rejected: receiver.rejected,
        learnFaults(windows) {
          faults.write(windows);
          intake.learnFaults(windows);
        },
      }),
      receiver,
      token: options.token,
      served: servedNames(options.allowedHosts ?? ''),
      log,
    }),
  );
  const port = await listen(server, options.host, options.port).catch(async (error) => {
    await store.close();
    throw error;
  });
  const retention = setInterval(() => void enforce(store, log), retentionCheckMs);
  return {
    url: `http://${options.host}:${port}`,
    port,
    store,
    async close() {
      clearInterval(retention);
      server.close();
      server.closeAllConnections();
      intake.flush();
      await store.close();
    },
  };
}

async function enforce(store: Store, log: Log): Promise<void> {
  await store.enforceBudget().catch((error) => log.error('retention failed', { reason: String(error) }));
}
