import { describe, expect, test } from 'vitest';
import { apis } from './apis.ts';
import { openApiOf } from './openapi.ts';

type Document = { paths: Record<string, Record<string, Operation>> };
type Operation = {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: { properties: Record<string, unknown> } }> };
  responses: Record<string, unknown>;
};
const documents = Object.entries(apis).map(([name, api]) => ({
  name,
  document: openApiOf(api) as unknown as Document,
}));

describe.each(documents)('OpenAPI of $name', ({ document }) => {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.values(item).map((operation) => ({ path, operation })),
  );

  test('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('declares every path parameter, and no other', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map((parameter) => parameter.name)).toEqual(inPath);
    }
  });

  test('says how each operation fails', () => {
    for (const { operation } of operations) expect(operation.responses).toHaveProperty('default');
  });
});

test('placing an order needs an idempotency key and describes its body', () => {
  const operation = (openApiOf(apis.orders) as unknown as Document).paths['/orders']?.post;
  expect(operation?.parameters).toContainEqual(
    expect.objectContaining({ name: 'idempotency-key', in: 'header', required: true }),
  );
  expect(Object.keys(operation?.requestBody?.content['application/json']?.schema.properties ?? {})).toEqual([
    'customerId',
    'items',
    'payment',
    'sagaStyle',
    'paymentTimeoutMs',
  ]);
});

test('rendering twice gives the same bytes', () => {
  expect(JSON.stringify(openApiOf(apis.gateway))).toBe(JSON.stringify(openApiOf(apis.gateway)));
});
