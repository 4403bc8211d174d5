/** The supervisor as a process of its own (`up --detach`). Its standard output is logs/supervisor.log. */
import { stdout } from 'node:process';
import { fleet } from '../topology.ts';
import { homeFiles } from './home.ts';
import { listenForSignals } from './signals.ts';
import { supervise } from './supervise.ts';

function log(message: string, fields: Record<string, unknown> = {}): void {
  stdout.write(
    `${JSON.stringify({ timestamp: new Date().toISOString(), service: 'supervisor', message, ...fields })}\n`,
  );
}

const signals = listenForSignals((signal) => log('stopping', { signal }));
const supervisor = await supervise({
  fleet,
  home: homeFiles(),
  dev: process.argv.includes('--dev'),
  environment: process.env,
  onChange: ({ name, state, pid, reason }) => log('process changed', { process: name, state, pid, reason }),
  onNotice: (message) => log(message),
});
if ('holder' in supervisor) {
  log('another supervisor runs here', { pid: supervisor.holder.pid });
} else {
  signals.attach(supervisor);
  log('started', { pid: process.pid, home: supervisor.state().home });
  await supervisor.stopped;
  log('stopped');
}
