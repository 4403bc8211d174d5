import { setPriority } from 'node:os';
import { createLog } from '#sandbox/log.ts';
import { type Auditor, startAuditor } from './auditor.ts';
import { readEnv } from './env.ts';

const log = createLog('auditor', process.env.LOG_LEVEL ?? 'info', (line) => process.stdout.write(line));

// A reader that is gone (the supervisor died) must not keep us from leaving in order.
process.stdout.on('error', () => undefined);

const closeDeadlineMs = 1_500;
/** Whoever is audited comes first. */
const niceness = 10;

async function stop(auditor: Auditor, reason: string): Promise<void> {
  log.info('auditor stops', { reason });
  setTimeout(() => process.exit(1), closeDeadlineMs).unref();
  await auditor.close();
  process.exit(0);
}

try {
  setPriority(niceness);
  const auditor = await startAuditor(readEnv(process.env), log);
  log.info('auditor listens', { port: auditor.port });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(auditor, signal));
  process.once('disconnect', () => void stop(auditor, 'supervisor is gone'));
} catch (error) {
  log.error('auditor cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
