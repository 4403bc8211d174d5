import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Log } from '#sandbox/log.ts';
import { createRouter } from '../api/router.ts';
import { createWindowsFile } from '../faults/windows-file.ts';
import { servedNames } from '../http/guard.ts';
import { listen } from '../http/listen.ts';
import { type BackendUrls, backendAnswers } from './answers.ts';
import { type Paces, paces } from './poll.ts';

export type BackendServerOptions = {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Host names besides loopback that requests may be addressed to, comma-separated. */
  allowedHosts?: string;
  /** Faults are remembered here: spans are marked when they are read. */
  dataDir: string;
  token: string;
  urls: BackendUrls;
  log: Log;
  now?: () => number;
  everyMs?: Paces | undefined;
};

/** Serves the query API from Tempo, Loki and Prometheus. Whether they are there shows when something is asked. */
export async function serveBackends({ dataDir, urls, token, log, ...options }: BackendServerOptions) {
  mkdirSync(dataDir, { recursive: true });
  const answers = backendAnswers({
    urls,
    faults: createWindowsFile(dataDir, log),
    now: options.now ?? Date.now,
    everyMs: options.everyMs ?? paces,
  });
  const served = servedNames(options.allowedHosts ?? '');
  const server = createServer(
    { requestTimeout: 15_000, headersTimeout: 10_000, keepAliveTimeout: 60_000 },
    createRouter({ answers, receiver: null, token, served, log }),
  );
  const port = await listen(server, options.host, options.port);
  return {
    url: `http://${options.host}:${port}`,
    /** Stops listening and ends streams. */
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
    },
  };
}
