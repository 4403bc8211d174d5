import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { databaseEnv, hostPort, kafkaEnv, parseEnv, secret, url } from './env.ts';

const base = { PORT: '8101' };
const folder = mkdtempSync(path.join(tmpdir(), 'orrery-env-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a missing variable and a wrong one are both named, without repeating values', () => {
  const parse = () =>
    parseEnv({ ...databaseEnv, PRICING_GRPC: hostPort }, { PORT: 'x', PRICING_GRPC: 'http://secret' });
  expect(parse).toThrow(/PORT/);
  expect(parse).toThrow(/DATABASE_URL: is missing/);
  expect(parse).toThrow(/PRICING_GRPC: must be host:port/);
  expect(parse).not.toThrow(/secret/);
});

test('defaults fill what a hand-started service leaves out', () => {
  expect(parseEnv({}, base)).toMatchObject({ PORT: 8101, HOST: '127.0.0.1', LOG_LEVEL: 'info' });
});

test('a base URL loses its trailing slash', () => {
  expect(parseEnv({ INVENTORY_URL: url }, { ...base, INVENTORY_URL: 'http://127.0.0.1:8102/' }).INVENTORY_URL).toBe(
    'http://127.0.0.1:8102',
  );
});

test('several brokers are accepted', () => {
  expect(parseEnv(kafkaEnv, { ...base, KAFKA_BROKERS: 'a:1,b:2' }).KAFKA_BROKERS).toBe('a:1,b:2');
});

test('a secret may be handed out as a file', () => {
  const file = path.join(folder, 'key');
  writeFileSync(file, 'from-a-file\n');
  expect(parseEnv({ KEY: secret }, { ...base, KEY_FILE: file }).KEY).toBe('from-a-file');
});

test('a file that is missing, or that competes with the variable, is named', () => {
  const absent = path.join(folder, 'absent');
  expect(() => parseEnv({ KEY: secret }, { ...base, KEY_FILE: absent })).toThrow(`KEY_FILE: ${absent} cannot be read`);
  expect(() => parseEnv({ KEY: secret }, { ...base, KEY: 'from-a-variable', KEY_FILE: absent })).toThrow(
    'KEY and KEY_FILE are both set',
  );
});

test('what a file holds is checked like any value', () => {
  const file = path.join(folder, 'short');
  writeFileSync(file, 'short');
  expect(() => parseEnv({ KEY: secret }, { ...base, KEY_FILE: file })).toThrow(/KEY: must have at least 8/);
});
