import { describe, expect, it } from 'vitest';
import type { FaultParameter } from '#contracts/sandbox/chaos.ts';
import { asCli, readParameters } from './fault-texts.ts';

const parameter = (change: Partial<FaultParameter>): FaultParameter => ({
  name: 'latencyMs',
  description: '',
  type: 'integer',
  default: 500,
  minimum: 1,
  maximum: 1000,
  choices: [],
  ...change,
});

describe('readParameters', () => {
  it('takes the default where nothing was typed', () => {
    expect(readParameters([parameter({})], {})).toEqual({ values: { latencyMs: 500 }, errors: {} });
  });

  it.each([
    ['', 'must be a number'],
    ['x', 'must be a number'],
    ['1.5', 'must be a whole number'],
    ['0', 'must be 1 – 1000'],
    ['1001', 'must be 1 – 1000'],
  ])('refuses %j', (text, error) => {
    expect(readParameters([parameter({})], { latencyMs: text })).toEqual({ values: {}, errors: { latencyMs: error } });
  });

  it('takes a choice and a share as they are', () => {
    const parameters = [
      parameter({ name: 'direction', type: 'choice', default: 'reply', choices: ['reply', 'request'] }),
      parameter({ name: 'share', type: 'number', default: 1, minimum: 0.01, maximum: 1 }),
    ];
    const { values, errors } = readParameters(parameters, { direction: 'request', share: '0.3' });
    expect(values).toEqual({ direction: 'request', share: 0.3 });
    expect(errors).toEqual({});
  });
});

describe('asCli', () => {
  it('says only what is not a default', () => {
    const fault = { name: 'latency', parameters: [parameter({}), parameter({ name: 'jitterMs', default: 0 })] };
    const order = { target: 'gateway-orders-http', ttlMs: 30_000, values: { latencyMs: 200, jitterMs: 0 } };
    expect(asCli(fault, order)).toBe(
      'npm run orrery -- chaos inject latency gateway-orders-http --ttl 30s --set latencyMs=200',
    );
  });
});
