import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#contracts/errors.ts';
import { ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import { Topology } from '#contracts/sandbox/topology.ts';
import { type Running, runFixtures } from '../testing/fixture-fleet.ts';

let made: Running;

beforeAll(async () => {
  made = await runFixtures({ telemetry: '', gateway: '' });
  await made.becomes('telemetry', (status) => status.state === 'running');
});
afterAll(() => made.end());

type Answer = { status: number; type: string; body: string };

function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { launch } = made.supervisor;
  const url = new URL(path, launch.controlUrl);
  const all = { authorization: `Bearer ${launch.controlToken}`, ...headers };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers: all, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body }),
      );
    });
    call.on('error', reject);
    call.end();
  });
}

test('answers what the contract says', async () => {
  Topology.parse(JSON.parse((await ask('/v1/topology')).body));
  ProcessStatus.array()
    .length(2)
    .parse(JSON.parse((await ask('/v1/processes')).body));
  SandboxState.parse(JSON.parse((await ask('/v1/state')).body));
  const lines = JSON.parse((await ask('/v1/processes/telemetry/logs?lines=5')).body);
  expect(lines[0].line).toContain('fixture started');
});

test.each([
  ['no token', '/v1/processes', { authorization: '' }, 401],
  ['a wrong token', '/v1/processes', { authorization: 'Bearer nope' }, 401],
  ['a foreign host (DNS rebinding)', '/v1/processes', { host: 'evil.example:80' }, 403],
  ['a web page', '/v1/processes', { origin: 'http://evil.example' }, 403],
  ['a web page without Origin', '/v1/processes', { 'sec-fetch-site': 'cross-site' }, 403],
  ['an unknown path', '/v2/processes', {}, 404],
  ['a broken path', '/v1/processes/%E0%A4%A/logs', {}, 400],
  ['too many lines', '/v1/processes/telemetry/logs?lines=9999', {}, 400],
])('attack and error: %s is a problem document', async (_name, path, headers, status) => {
  const answer = await ask(path, headers as Record<string, string>);
  expect(answer.status).toBe(status);
  expect(answer.type).toBe('application/problem+json');
  expect(Problem.parse(JSON.parse(answer.body)).status).toBe(status);
});

test('an action needs POST', async () => {
  expect((await ask('/v1/processes/gateway/kill')).status).toBe(405);
  expect(made.status('gateway').restarts).toBe(0);
});

test('the stream begins with every process and goes on with changes', async () => {
  const { launch } = made.supervisor;
  const response = await fetch(`${launch.controlUrl}/v1/stream`, {
    headers: { authorization: `Bearer ${launch.controlToken}` },
    signal: AbortSignal.timeout(10_000),
  });
  const seen: ProcessStatus[] = [];
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (data) seen.push(ProcessStatus.parse(JSON.parse(data)));
    }
    if (seen.length === 2) void made.act('gateway', 'restart');
    if (seen.some((status) => status.name === 'gateway' && status.restarts === 1 && status.state === 'running')) break;
  }
  expect(
    seen
      .slice(0, 2)
      .map((status) => status.name)
      .sort(),
  ).toEqual(['gateway', 'telemetry']);
  expect(seen.some((status) => status.state === 'stopping')).toBe(true);
});

test.each([
  ['no JSON', 'POST', '/v1/load', 'nope', 400, 'the body is not JSON'],
  ['an absurd rate', 'POST', '/v1/load', { ratePerSecond: 1e9, seconds: 5 }, 400, 'ratePerSecond: '],
  ['more orders than may be', 'POST', '/v1/load', { ratePerSecond: 1000, seconds: 3600 }, 400, 'at most 100000 orders'],
  ['a misspelt field', 'POST', '/v1/load', { ratePerSecond: 1, seconds: 5, rate: 2 }, 400, 'rate'],
  ['a huge body', 'POST', '/v1/load', 'x'.repeat(70_000), 413, 'above 65536 bytes'],
  ['a run that never was', 'PATCH', '/v1/load/20260101-000000-0000', { ratePerSecond: 1 }, 404, 'no run'],
  ['a path out of the directory', 'GET', '/v1/load/..%2F..%2Fsecrets/history', null, 404, 'there is nothing at'],
  ['a history that is not kept', 'GET', '/v1/load/20260101-000000-0000/history', null, 404, 'no history of run'],
])('load: %s is answered with what is wrong', async (_name, method, path, body, status, detail) => {
  const { launch } = made.supervisor;
  const response = await fetch(`${launch.controlUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${launch.controlToken}` },
    body: body === null ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const problem = Problem.parse(await response.json());
  expect(response.status).toBe(status);
  expect(problem.detail).toContain(detail);
});
