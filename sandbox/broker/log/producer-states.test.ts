import { expect, test } from 'vitest';
import { ErrorCode } from '../errors.ts';
import { ProducerStates } from './producer-states.ts';
import type { BatchHeader } from './record-batch.ts';

function header(baseSequence: number, baseOffset: number, overrides: Partial<BatchHeader> = {}): BatchHeader {
  return {
    baseOffset,
    sizeBytes: 100,
    attributes: 0,
    lastOffsetDelta: 0,
    baseTimestamp: 0,
    maxTimestamp: 50,
    producerId: 1,
    producerEpoch: 0,
    baseSequence,
    recordCount: 1,
    ...overrides,
  };
}

const refusal = (states: ProducerStates, batch: BatchHeader) => {
  try {
    return states.check(batch);
  } catch (error) {
    return (error as { code: number }).code;
  }
};

test('batches of a plain producer are never compared, whatever epoch and sequence it writes', () => {
  const states = new ProducerStates();
  states.note(header(0, 0, { producerId: -1 }));
  expect(states.check(header(0, 0, { producerId: -1, producerEpoch: 0 }))).toBeNull();
});

test('a retry within the last five batches is answered with its first offset', () => {
  const states = new ProducerStates();
  for (let i = 0; i < 6; i++) states.note(header(i, i * 10));
  expect(states.check(header(5, 0))).toBe(50);
  expect(states.check(header(1, 0))).toBe(10);
  expect(refusal(states, header(0, 0))).toBe(ErrorCode.DUPLICATE_SEQUENCE_NUMBER);
  expect(states.check(header(6, 0))).toBeNull();
  expect(refusal(states, header(7, 0))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
});

test('a newer epoch starts at zero and fences the older one', () => {
  const states = new ProducerStates();
  states.note(header(0, 0));
  expect(refusal(states, header(1, 0, { producerEpoch: 1 }))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
  states.note(header(0, 1, { producerEpoch: 1 }));
  expect(refusal(states, header(1, 0))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
});

test('sequences wrap to zero after the largest 32-bit number', () => {
  const states = new ProducerStates();
  states.note(header(2_147_483_647, 0));
  expect(states.check(header(0, 0))).toBeNull();
  states.note(header(0, 1));
  states.note(header(1, 2, { recordCount: 3 }));
  expect(states.check(header(4, 0))).toBeNull();
});

test('an unknown producer may start anywhere, and is forgotten when it has been idle for long', () => {
  const states = new ProducerStates();
  expect(states.check(header(41, 0))).toBeNull();
  states.note(header(41, 0));
  states.expire(51);
  expect(states.count).toBe(0);
});
