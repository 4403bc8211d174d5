import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { events } from '#contracts/events/events.ts';
import { fleet } from '../../topology.ts';
import { exported, fileAt } from '../testing/exported.ts';

/** The default host is an example, of which the linter rightly says that no server is there. */
const files = exported({ host: 'shop.acme.dev' }, ['contracts']);
const below = (folder: string) =>
  files.filter((file) => file.path.startsWith(folder)).map((file) => [file.path, file.content] as const);

describe.each(below('contracts/openapi/'))('%s', (path, content) => {
  test('has nothing that a strict linter objects to', async () => {
    expect(await openApiProblems(path, content)).toEqual([]);
  });
});

test('an OpenAPI document with a hole is objected to', async () => {
  const [path, content] = below('contracts/openapi/')[0] ?? ['', ''];
  expect(await openApiProblems(path, content.replace('operationId:', 'operationIdentifier:'))).not.toEqual([]);
});

describe.each(below('contracts/asyncapi/'))('%s', (_, content) => {
  test('has nothing that the parser remarks on', async () => {
    const { diagnostics } = await new Parser().parse(content);
    expect(diagnostics.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
  });
});

test('an AsyncAPI document whose channel is gone is remarked on', async () => {
  const [, content] = below('contracts/asyncapi/')[0] ?? ['', ''];
  const { diagnostics } = await new Parser().parse(content.replace('#/channels/', '#/channel/'));
  expect(diagnostics).not.toEqual([]);
});

test('every edge to a topic is an operation of its service', () => {
  const actions = below('contracts/asyncapi/').flatMap(([path, content]) => {
    const document = parse(content) as {
      channels: Record<string, { address: string }>;
      operations: Record<string, { action: string; channel: { $ref: string } }>;
    };
    const service = path.replace(/^.*\/|\.yaml$/g, '');
    return Object.values(document.operations).map(
      ({ action, channel }) =>
        `${service} ${action} ${document.channels[channel.$ref.split('/').pop() ?? '']?.address}`,
    );
  });
  const edges = fleet.edges.flatMap(({ from, to, protocol }) =>
    protocol === 'kafka-produce'
      ? [`${from} send ${to}`]
      : protocol === 'kafka-consume'
        ? [`${from} receive ${to}`]
        : [],
  );
  const services = new Set(below('contracts/asyncapi/').map(([path]) => path.replace(/^.*\/|\.yaml$/g, '')));
  const consumers = new Set(edges.filter((edge) => edge.includes(' receive ')).map((edge) => edge.split(' ')[0] ?? ''));
  const own = [...consumers].flatMap((name) => [
    `${name} send ${name}.dlq`,
    ...['retry', 'retry.5s', 'retry.30s', 'retry.2m'].flatMap((topic) => [
      `${name} send ${name}.${topic}`,
      `${name} receive ${name}.${topic}`,
    ]),
  ]);
  expect(actions.sort()).toEqual([...edges, ...own].filter((edge) => services.has(edge.split(' ')[0] ?? '')).sort());
});

test('whoever receives an event knows every version that is still read, whoever sends it the newest', () => {
  type Document = { operations: Record<string, { messages: { $ref: string }[] }> };
  const messages = (service: string, operation: string) =>
    (parse(fileAt(files, `contracts/asyncapi/${service}.yaml`)) as Document).operations[operation]?.messages.map(
      ({ $ref }) => $ref.split('/').pop(),
    );
  expect(messages('history', 'receiveWorkersEvents')).toEqual(
    expect.arrayContaining(['invoiceIssued', 'invoiceIssuedV1']),
  );
  expect(messages('workers', 'sendWorkersEvents')).not.toContain('invoiceIssuedV1');
  expect(files.map(({ path }) => path)).toContain('contracts/schemas/invoice.issued/1.1.0.json');
});

test('every event has a schema that compiles', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  for (const [name, { version }] of Object.entries(events)) {
    expect(ajv.compile(JSON.parse(fileAt(files, `contracts/schemas/${name}/${version}.json`)))).toBeTypeOf('function');
  }
});

async function openApiProblems(path: string, content: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({
    source: content,
    absoluteRef: fileURLToPath(new URL(path, 'file:///')),
    config,
  });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
}
