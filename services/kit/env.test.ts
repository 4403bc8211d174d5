import { expect, test } from 'vitest';
import { databaseEnv, hostPort, kafkaEnv, parseEnv, url } from './env.ts';

const base = { PORT: '8101' };

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
