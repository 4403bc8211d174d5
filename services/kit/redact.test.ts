import { expect, test } from 'vitest';
import { redact } from './redact.ts';

test('sensitive fields are replaced on the first levels, and the original stays as it was', () => {
  const fields = {
    email: 'a@b.c',
    order: { id: 1, card: '4242' },
    request: { headers: { authorization: 'Bearer x' } },
  };
  expect(redact(fields)).toEqual({
    email: '[redacted]',
    order: { id: 1, card: '[redacted]' },
    request: { headers: { authorization: '[redacted]' } },
  });
  expect(fields.order.card).toBe('4242');
});

test('a line with nothing to hide is passed through uncopied', () => {
  const fields = { orderId: '1', total: { amountMinor: 5 }, nothing: null };
  expect(redact(fields)).toBe(fields);
});
