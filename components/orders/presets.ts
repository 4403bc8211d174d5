import type { SagaStyle } from '#contracts/http/orders.ts';
import type { OrderDraft } from './order-draft.ts';

export type PresetId = 'works' | 'declined' | 'out-of-stock' | 'slow' | 'late' | 'flaky' | 'suspicious';

export type Preset = {
  id: PresetId;
  title: string;
  /** One sentence on what will happen. */
  story: string;
  draft: Pick<OrderDraft, 'items' | 'payment' | 'paymentTimeoutMs'>;
};

/** Orders with a known ending, to start from. The tokens are the test cards of contracts/http/orders.ts. */
export const presets: readonly Preset[] = [
  {
    id: 'works',
    title: 'Everything works',
    story: 'Screened, reserved, paid and confirmed; the invoice and a mail follow.',
    draft: {
      items: [
        { sku: 'LAMP-001', qty: 1 },
        { sku: 'KITCHEN-001', qty: 2 },
      ],
      payment: 'tok_visa',
    },
  },
  {
    id: 'declined',
    title: 'Declined card',
    story: 'The provider declines the card: the reserved stock is released and the order cancelled.',
    draft: { items: [{ sku: 'OFFICE-003', qty: 1 }], payment: 'tok_declined' },
  },
  {
    id: 'out-of-stock',
    title: 'Out of stock',
    story: 'Inventory has no piece left: the order is cancelled before any money moves.',
    draft: { items: [{ sku: 'GARDEN-009', qty: 1 }], payment: 'tok_visa' },
  },
  {
    id: 'slow',
    title: 'Slow provider',
    story:
      'The provider answers late: billing asks again, the order is confirmed after seconds. Time to cancel it, too.',
    draft: { items: [{ sku: 'KITCHEN-003', qty: 1 }], payment: 'tok_slow' },
  },
  {
    id: 'late',
    title: 'Late payment',
    story: 'The money arrives after the deadline of one second: the order is cancelled and the charge refunded.',
    draft: { items: [{ sku: 'KITCHEN-003', qty: 1 }], payment: 'tok_slow', paymentTimeoutMs: 1_000 },
  },
  {
    id: 'flaky',
    title: 'Flaky provider',
    story: 'The first attempts fail with 503: billing retries with the same key and charges once.',
    draft: { items: [{ sku: 'OFFICE-005', qty: 3 }], payment: 'tok_flaky' },
  },
  {
    id: 'suspicious',
    title: 'Suspicious basket',
    story: 'The total is far above a usual basket: the fraud check rejects it, nothing is reserved.',
    draft: { items: [{ sku: 'OFFICE-001', qty: 60 }], payment: 'tok_visa' },
  },
];

export const paymentTokens: readonly { value: string; label: string }[] = [
  { value: 'tok_visa', label: 'tok_visa · succeeds' },
  { value: 'tok_declined', label: 'tok_declined · declined' },
  { value: 'tok_insufficient_funds', label: 'tok_insufficient_funds · declined' },
  { value: 'tok_expired', label: 'tok_expired · declined' },
  { value: 'tok_slow', label: 'tok_slow · answers late' },
  { value: 'tok_flaky', label: 'tok_flaky · fails at first' },
];

export const sagaStyles: readonly { value: SagaStyle; label: string }[] = [
  { value: 'choreography', label: 'Choreography' },
  { value: 'orchestration', label: 'Orchestration' },
];

/** The preset that a basket is, as long as nobody has changed it. */
export function presetOf({
  items,
  payment,
  paymentTimeoutMs,
}: Pick<OrderDraft, 'items' | 'payment' | 'paymentTimeoutMs'>): PresetId | null {
  const same = presets.find(
    ({ draft }) =>
      draft.payment === payment &&
      draft.paymentTimeoutMs === paymentTimeoutMs &&
      draft.items.length === items.length &&
      draft.items.every((item, index) => item.sku === items[index]?.sku && item.qty === items[index]?.qty),
  );
  return same?.id ?? null;
}
