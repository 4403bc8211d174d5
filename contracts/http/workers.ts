import { z } from 'zod';
import { Instant, Uuid } from '../ids.ts';
import { Money } from '../money.ts';
import { defineRoute } from './route.ts';

export const Invoice = z.object({
  number: z.string().describe('INV-2026-000123'),
  orderId: Uuid,
  customerId: Uuid,
  total: Money,
  issuedAt: Instant,
  sizeBytes: z.int(),
});
export type Invoice = z.infer<typeof Invoice>;

export const getInvoicePdf = defineRoute({
  method: 'GET',
  path: '/invoices/:orderId.pdf',
  summary: 'The invoice of an order as PDF',
  params: z.object({ orderId: Uuid }),
  responses: { 200: null },
  media: { type: 'application/pdf' },
  answerHeaders: {
    'cache-control': 'It is the customer’s: no shared cache may keep it',
    'content-disposition': 'Name of the file',
    'x-content-type-options': '`nosniff`',
  },
  errors: { not_found: 'The order has no invoice, or it is somebody else’s' },
  roles: ['shopper', 'operator', 'auditor'],
});

/** A mail in the dev mailbox: every notification is kept here instead of being sent. */
export const Mail = z.object({
  id: Uuid,
  orderId: Uuid,
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  kind: z.enum(['order_confirmed', 'order_cancelled']),
  sentAt: Instant,
});
export type Mail = z.infer<typeof Mail>;

export const listMail = defineRoute({
  method: 'GET',
  path: '/mailbox',
  summary: 'Dev mailbox, newest first',
  query: z.object({ orderId: Uuid.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
  responses: { 200: z.object({ mails: z.array(Mail) }) },
  roles: ['operator', 'auditor'],
});
