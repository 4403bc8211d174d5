import { expect, test } from 'vitest';
import { exported, fileAt } from '#sandbox/exporters/testing/exported.ts';
import { readGrpcContract } from './judge-grpc.ts';

const proto = fileAt(exported({}, ['contracts']), 'contracts/grpc/pricing.proto');
const service = 'orrery.pricing.v1.Pricing';
const contract = readGrpcContract(proto, service);
/** `quote_id` = "q", `total_minor` = 300. */
const answer = Buffer.from('0a017118ac02', 'hex');

test('an answer is read by the contract, and nothing of it is unknown', () => {
  expect(contract.judge('Quote', answer)).toEqual({ message: { quoteId: 'q', totalMinor: '300' }, findings: [] });
});

test('a field that the contract does not name is a finding', () => {
  expect(contract.judge('Quote', Buffer.concat([answer, Buffer.from('7a0178', 'hex')])).findings).not.toEqual([]);
  const poorer = readGrpcContract(proto.replace('string quote_id = 1;', ''), service);
  expect(poorer.judge('Quote', answer).findings).not.toEqual([]);
});

test('a method that the contract does not name cannot be asked', () => {
  expect(() => readGrpcContract(proto.replace('rpc Quote(', 'rpc Price('), service).judge('Quote', answer)).toThrow(
    'knows no orrery.pricing.v1.Pricing/Quote',
  );
});
