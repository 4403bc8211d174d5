import { request } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import { serveAudit } from './server.ts';

const never = () => {
  throw new Error('not asked here');
};
const server = await serveAudit(
  { board: never, final: never, startFinal: never },
  { host: '127.0.0.1', port: 0, token: 'test-token', allowedHosts: 'auditor, toxics' },
);
afterAll(() => server.close());

/** The status of a request that is addressed to `host`; fetch would not let us choose it. */
function statusFor(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ port: server.port, path: '/health/live', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

test.each([
  ['127.0.0.1:8109', 200],
  ['localhost', 200],
  ['auditor:8109', 200],
  ['TOXICS:18131', 200],
  ['evil.example', 403],
  ['auditor.evil.example:8109', 403],
])('a request addressed to %s is answered with %i', async (host, status) => {
  expect(await statusFor(host)).toBe(status);
});
