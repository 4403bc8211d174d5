import { expect, test } from 'vitest';
import { demoShopper } from '#contracts/seed/customers.ts';
import { findRecipient } from '../customer-directory.ts';
import { anOrderConfirmed } from '../invoice/invoice.builder.ts';
import { composeCancellation, composeConfirmation } from './compose-mail.ts';

test('the confirmation greets by name, lists what was bought and names the invoice', () => {
  const mail = composeConfirmation(anOrderConfirmed(2), findRecipient(demoShopper.id), 'INV-2026-000001');
  expect(mail.to).toBe('ada.bergstrom@example.com');
  expect(mail.text).toContain('Dear Ada Bergström');
  expect(mail.text).toContain('2 × Nocturne clip-on reading light, €49.00');
  expect(mail.text).toContain('€118.00');
  expect(mail.text).toContain('INV-2026-000001');
});

test('the cancellation says why and what became of the money', () => {
  const mail = composeCancellation(
    {
      orderId: '019a0000-1111-7222-8333-444455556666',
      customerId: demoShopper.id,
      total: { amountMinor: 1999, currency: 'EUR' },
      detail: 'Your bank declined the card. Your card has not been charged.',
    },
    findRecipient(demoShopper.id),
  );
  expect(mail.text).toContain('Your bank declined the card.');
  expect(mail.text).toContain('has not been charged');
});

test('a customer we do not know still gets their mail', () => {
  const unknown = findRecipient('019a0000-1111-7222-8333-444455556666');
  expect(unknown.email).toBe('customer-019a0000-1111-7222-8333-444455556666@example.com');
});
