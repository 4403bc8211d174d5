/** A tiny process with a health endpoint that behaves as `FIXTURE_<NAME>` says; used by the supervisor's tests. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const name = process.env.SERVICE_NAME ?? '';
const modes = (process.env[`FIXTURE_${name.toUpperCase()}`] ?? '').split('+');
const has = (mode: string) => modes.includes(mode);

process.stdout.write(`${JSON.stringify({ level: 'info', message: 'fixture started', modes })}\n`);
if (has('crash')) {
  process.stderr.write('cannot go on: the flux is not charged\n');
  process.exit(3);
}

let readyAt = has('slow') ? performance.now() + 600 : 0;
if (has('never-ready')) readyAt = Number.POSITIVE_INFINITY;
if (has('grandchild')) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  process.stdout.write(`${JSON.stringify({ message: 'grandchild', pid: child.pid })}\n`);
}

const server = createServer((request, response) => {
  if (request.url === '/exit') process.exit(0);
  const ready = performance.now() >= readyAt;
  response.writeHead(ready ? 200 : 503).end(ready ? 'ready' : 'warming up');
});
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
server.listen(Number(process.env.PORT), '127.0.0.1');

process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ message: 'stopping' })}\n`);
  if (!has('stubborn')) process.exit(0);
});
process.on('disconnect', () => {
  if (!has('deaf')) process.exit(0);
});
