import { expect, test } from 'vitest';
import { peersFromEnv } from './peers.ts';

test('the addresses that a process was given tell who is behind them', () => {
  const peers = peersFromEnv({
    INVENTORY_URL: 'http://127.0.0.1:8102',
    PAYMENTS_URL: 'https://pay.example',
    PRICING_GRPC: '127.0.0.1:50051',
    DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/orders',
    npm_config_URL: 'x',
    BROKEN_URL: 'nonsense',
  });
  expect([...peers]).toEqual([
    ['127.0.0.1:8102', 'inventory'],
    ['pay.example:443', 'payments'],
    ['127.0.0.1:50051', 'pricing'],
  ]);
});
