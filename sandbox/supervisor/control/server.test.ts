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
