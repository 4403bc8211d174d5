import { readFile } from 'node:fs/promises';
import { createLog } from '#sandbox/log.ts';
import { readEnvironment } from './environment.ts';
import { startToxics, type Toxics } from './toxics.ts';

const log = createLog('toxics', process.env.LOG_LEVEL ?? 'info', (line) => process.stdout.write(line));

// A reader that is gone (the supervisor died) must not keep us from closing the connections.
process.stdout.on('error', () => undefined);

async function stop(toxics: Toxics, reason: string): Promise<void> {
  log.info('toxics stops', { reason });
  setTimeout(() => process.exit(1), 1_500).unref();
  await toxics.close();
  process.exit(0);
}

try {
  const environment = readEnvironment(process.env);
  const { TOXICS_CONFIG: file } = environment;
  const toxics = await startToxics({
    host: environment.HOST,
    port: environment.PORT,
    proxies: file === undefined ? [] : JSON.parse(await readFile(file, 'utf8')),
    seed: environment.TOXICS_SEED,
    log,
  });
  log.info('toxics listens', { url: toxics.url, proxies: toxics.proxies.all().length });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(toxics, signal));
  // The supervisor holds the other end of the channel: when it is gone, nobody else would stop us.
  process.once('disconnect', () => void stop(toxics, 'supervisor is gone'));
} catch (error) {
  log.error('toxics cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
