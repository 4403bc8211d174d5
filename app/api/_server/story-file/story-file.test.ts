import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { span } from '#components/traces/testing.ts';
import { fileTokens as tokens } from '#contracts/file-tokens.ts';
import type { OrderView, TimelineEntry } from '#contracts/http/history.ts';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { storyFile } from './story-file.ts';

const id = '01a20de9-ad47-7629-b300-e072e471df30';
const order = {
  id,
  customerId: id,
  status: 'reserved',
  sagaStyle: 'choreography',
  lines: [{ sku: 'LAMP-001', qty: 1, name: '<script>alert(1)</script>' }],
  total: { amountMinor: 1999, currency: 'EUR' },
  cancelReason: null,
  traceId: 'a'.repeat(32),
  invoiceNumber: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  finishedAt: null,
} as unknown as OrderView;
const event = (name: string, ms: number, producer = 'orders') =>
  ({
    messageId: `${name.replaceAll('.', '-')}`,
    event: name,
    version: '1.0.0',
    producer,
    causationId: null,
    occurredAt: new Date(Date.parse(order.createdAt) + ms).toISOString(),
    receivedAt: new Date(Date.parse(order.createdAt) + ms + 5).toISOString(),
    topic: 'orders.events',
    partition: 3,
    offset: '41',
    traceparent: null,
    data: { note: '</pre><img src=x onerror=alert(1)>', url: 'https://example.com' },
  }) as TimelineEntry;

const timeline = [event('order.created', 0), event('order.screened', 40), event('inventory.reserved', 60, 'inventory')];
const fault = (id: string, title: string, fromMs: number, toMs: number | null) =>
  ({
    id,
    title,
    target: 'billing',
    touches: ['billing'],
    state: toMs === null ? 'biting' : 'reverted',
    armedAt: new Date(Date.parse(order.createdAt) + fromMs).toISOString(),
    endedAt: toMs === null ? null : new Date(Date.parse(order.createdAt) + toMs).toISOString(),
  }) as unknown as FaultRun;
const story = (faults: readonly FaultRun[]) =>
  storyFile({
    order,
    timeline,
    spans: [span('abc', { name: 'POST /orders' })],
    logs: [],
    faults,
    colours: new Map([['orders', 2]]),
    atMs: Date.parse(order.createdAt) + 1000,
  });
const file = story([fault('f2', 'Freeze', 500, null), fault('f1', 'Crash', -200, 600), fault('f0', 'Old', -900, -500)]);

test('the file tells the story, and of an order under way what it waits for', () => {
  expect(file).toContain('incomplete: waiting for billing');
  expect(file).toContain('orders.events · partition 3 · offset 41');
  for (const { messageId } of timeline) {
    expect(file).toContain(`href="#${messageId}"`);
    expect(file).toContain(`id="${messageId}"`);
  }
  expect(file).toContain('id="span-abc"');
});

test('faults that were on meanwhile have a lane, are one shade behind all lanes, and are told in words', () => {
  expect(file).toContain('<li>Crash on billing, from −200 ms to 600 ms</li>');
  expect(file).toContain('<li>Freeze on billing, since 500 ms, still on</li>');
  expect(file).not.toContain('Old');
  expect(file.match(/class="shade"/g)).toHaveLength(1);
  expect(file.match(/--bar:var\(--fault\)/g)).toHaveLength(2);
  expect(story([])).not.toMatch(/class="shade"|Faults on purpose/);
});

test('it refers to nothing outside of itself, and forbids scripts and the network', () => {
  const references = [...file.matchAll(/\s(?:href|src|srcset|action|data|poster)="([^"]*)"/g)].map(([, to]) => to);
  expect(references.length).toBeGreaterThan(5);
  expect(references.filter((to) => !to?.startsWith('#'))).toEqual([]);
  expect(file).not.toMatch(/@import|url\(/);
  expect(file).toContain('default-src &#39;none&#39;');
});

test('what services wrote stays text', () => {
  expect(file).not.toMatch(/<script|<img|onerror="/i);
  expect(file).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
});

test('every address within it leads somewhere, and to one place', () => {
  const ids = [...file.matchAll(/\sid="([^"]*)"/g)].map(([, one]) => one);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, to] of file.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(to);
});

test('its colours are those of the console', () => {
  const css = readFileSync(path.resolve(import.meta.dirname, '../../../globals.css'), 'utf8');
  const tokenOf = (name: string, block: string): string | undefined => {
    const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(block)?.[1];
    const reference = value && /^var\(--([\w-]+)\)$/.exec(value)?.[1];
    return reference ? new RegExp(`--${reference}:\\s*([^;]+);`).exec(css)?.[1] : value;
  };
  const light = css.slice(css.indexOf(':root {\n  color-scheme'), css.indexOf('.dark {'));
  const dark = css.slice(css.indexOf('.dark {'));
  for (const [theme, block] of [
    [tokens.light, light],
    [tokens.dark, dark],
  ] as const) {
    for (const [name, value] of Object.entries(theme)) expect([name, tokenOf(name, block)]).toEqual([name, value]);
  }
});
