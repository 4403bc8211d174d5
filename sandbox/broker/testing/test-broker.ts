import { onTestFinished } from 'vitest';
import { createLogger } from '../logger.ts';
import { type Broker, type BrokerOptions, startBroker } from '../server.ts';
import { tempDir } from './temp-dir.ts';

export interface TestBroker extends Broker {
  address: string;
  port: number;
  dataDir: string;
  /** Every log line so far, parsed. */
  logLines: Record<string, unknown>[];
}

/** A broker on a free port; stopped when the test is over. */
export async function startTestBroker(options: Partial<BrokerOptions> = {}): Promise<TestBroker> {
  const dataDir = options.dataDir ?? tempDir();
  const logLines: Record<string, unknown>[] = [];
  const logger = createLogger((line) => logLines.push(JSON.parse(line)), 'debug');
  const broker = await startBroker({
    listeners: [{ host: '127.0.0.1', port: 0 }],
    logger,
    lockWaitMs: 500,
    ...options,
    dataDir,
  });
  onTestFinished(() => broker.stop());
  const port = broker.listeners[0]?.port ?? 0;
  return { ...broker, address: `127.0.0.1:${port}`, port, dataDir, logLines };
}
