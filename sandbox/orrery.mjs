/**
 * Entry of the command line in plain JavaScript, so that an old Node can load it: it hands over to the Node 24 that npm
 * installed beside us, or says what is missing. Under Node 24 it is the command line itself.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = 24;

if (Number(process.versions.node.split('.')[0]) >= needed) {
  // Half of a short command's time is compiling TypeScript and zod; the first start fills the cache.
  const home = process.env.ORRERY_HOME ?? fileURLToPath(new URL('../.orrery', import.meta.url));
  if (existsSync(home)) nodeModule.enableCompileCache(join(home, 'cache/compile'));
  await import('./cli.ts');
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (existsSync(node)) handOver(node);
  else explain();
}

/** @param {string} node */
function handOver(node) {
  const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    // The terminal sends Ctrl-C to both of us; the other signals come to us alone.
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  child.on('error', explain);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
}

function explain() {
  process.stderr.write(
    `Orrery needs Node ${needed}, this is ${process.version}, and npm has no Node ${needed} for ${process.platform}-${process.arch} here.\n` +
      `Run \`npm ci\` (without --omit=optional), or install Node ${needed} yourself.\n`,
  );
  process.exit(1);
}
