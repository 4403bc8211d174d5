/**
 * `node waker.ts <pid> <start mark> <ms>`: wakes a stopped process, and everything below it, after that time, or at once
 * on SIGTERM. Says `ready` when the time begins; ends early when the process is gone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, startMark } from '../process-table.ts';
import { send } from '../terminate.ts';

const lookEveryMs = 1_000;

const [pidText = '', mark = '', afterMs = ''] = process.argv.slice(2);
const pid = Number(pidText);
const endsAtMs = performance.now() + Number(afterMs);
const asked = new AbortController();
process.once('SIGTERM', () => asked.abort());
const leftMs = () => (asked.signal.aborted ? 0 : endsAtMs - performance.now());
/** Its number may have been given to another program meanwhile. */
const isThere = async () => (await startMark(pid)) === mark;

process.stdout.write('ready\n');
while (leftMs() > 0 && (await isThere())) {
  await sleep(Math.min(lookEveryMs, leftMs()), undefined, { signal: asked.signal }).catch(() => {});
}
if (await isThere()) {
  for (const stopped of [pid, ...(await descendants(pid))]) send(stopped, 'SIGCONT');
}
