import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

test('nothing set means loopback on 9092', () => {
  expect(readEnvironment({})).toMatchObject({
    host: '127.0.0.1',
    listeners: [{ host: '127.0.0.1', port: 9092 }],
    healthPort: null,
  });
});

test('extra listeners advertise the address of their proxy', () => {
  const { listeners } = readEnvironment({ BROKER_LISTENERS: '19092:127.0.0.1:29092, 19093:proxy.local:29093' });
  expect(listeners.slice(1)).toEqual([
    { host: '127.0.0.1', port: 19092, advertised: { host: '127.0.0.1', port: 29092 } },
    { host: '127.0.0.1', port: 19093, advertised: { host: 'proxy.local', port: 29093 } },
  ]);
});

test('a wrong value is named', () => {
  expect(() => readEnvironment({ PORT: 'ninety' })).toThrow(/PORT/);
  expect(() => readEnvironment({ PORT: '70000' })).toThrow(/PORT/);
  expect(() => readEnvironment({ BROKER_LISTENERS: '1:2' })).toThrow(/BROKER_LISTENERS/);
});
