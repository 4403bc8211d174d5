import { expect, test } from 'vitest';
import type { TimelineEntry } from '#contracts/http/history.ts';
import { type StepId, type StepState, sagaCaption, sagaSteps, sagaStrip, waitingFor } from './saga.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const at = (offsetMs: number) => new Date(startMs + offsetMs).toISOString();

function event(name: string, offsetMs: number, data: Record<string, unknown> = {}): TimelineEntry {
  return {
    messageId: `${name} ${offsetMs}`,
    event: name,
    version: '1.0.0',
    producer: name.startsWith('inventory')
      ? 'inventory'
      : name.startsWith('payment')
        ? 'billing'
        : name.startsWith('order')
          ? 'orders'
          : 'workers',
    causationId: null,
    occurredAt: at(offsetMs),
    receivedAt: at(offsetMs + 5),
    topic: 'orders.events',
    partition: 0,
    offset: '0',
    traceparent: null,
    data,
  };
}

const created = event('order.created', 0);
const screened = event('order.screened', 100, { score: 0.02, decision: 'accept' });
const reserved = event('inventory.reserved', 150);
const states = (status: Parameters<typeof sagaSteps>[0]['status'], ...timeline: TimelineEntry[]) =>
  Object.fromEntries(sagaSteps({ status, createdAt: at(0) }, timeline).map(({ id, state }) => [id, state])) as Record<
    StepId,
    StepState
  >;

test('the next step of the main line is running, its undoing is not expected', () => {
  expect(states('screened', created, screened)).toMatchObject({
    created: 'done',
    screened: 'done',
    reserved: 'running',
    paid: 'pending',
    confirmed: 'pending',
    invoiced: 'pending',
    released: 'skipped',
    cancelled: 'skipped',
  });
});

test('a confirmed order runs its afterwork side by side', () => {
  const timeline = [created, screened, reserved, event('payment.succeeded', 300), event('order.confirmed', 340)];
  const steps = sagaSteps({ status: 'confirmed', createdAt: at(0) }, [
    ...timeline,
    event('notification.sent', 400, { kind: 'order_confirmed' }),
  ]);
  expect(steps.find(({ id }) => id === 'paid')).toMatchObject({ state: 'done', durationMs: 150 });
  expect(steps.filter(({ state }) => state === 'running').map(({ id }) => id)).toEqual(['committed', 'invoiced']);
  expect(steps.find(({ id }) => id === 'notified')).toMatchObject({ state: 'done', durationMs: 60 });
  expect(waitingFor(steps)).toBeNull();
});

test('a declined card fails the payment, compensates the reservation and cancels', () => {
  const failed = event('payment.failed', 300, { declineCode: 'card_declined' });
  expect(states('compensating', created, screened, reserved, failed)).toMatchObject({
    reserved: 'done',
    paid: 'failed',
    confirmed: 'skipped',
    released: 'running',
    cancelled: 'pending',
    apologised: 'pending',
  });
  const whole = [
    ...[created, screened, reserved, failed, event('inventory.released', 330), event('order.compensating', 335)],
    ...[
      event('order.cancelled', 400, { reason: 'payment_failed' }),
      event('notification.sent', 450, { kind: 'order_cancelled' }),
    ],
  ];
  const steps = sagaSteps({ status: 'cancelled', createdAt: at(0) }, whole);
  expect(states('cancelled', ...whole)).toMatchObject({
    reserved: 'compensated',
    released: 'done',
    cancelled: 'done',
    apologised: 'done',
    notified: 'skipped',
    invoiced: 'skipped',
  });
  expect(steps.find(({ id }) => id === 'paid')).toMatchObject({ title: 'Payment failed', detail: 'card declined' });
  expect(steps.find(({ id }) => id === 'cancelled')?.durationMs).toBe(70);
});

test('out of stock and fraud cancel without anything to release', () => {
  const rejected = event('inventory.rejected', 150, { shortages: [{ sku: 'LAMP-009', requested: 9, available: 3 }] });
  expect(states('screened', created, screened, rejected)).toMatchObject({
    reserved: 'failed',
    paid: 'skipped',
    released: 'skipped',
    cancelled: 'running',
  });
  const fraud = event('order.screened', 90, { score: 0.93, decision: 'reject' });
  expect(states('cancelled', created, fraud, event('order.cancelled', 91))).toMatchObject({
    screened: 'failed',
    reserved: 'skipped',
    cancelled: 'done',
    apologised: 'running',
  });
});

test('a cancellation in flight takes back the reservation and the charge, and waits for both', () => {
  const asked = event('order.cancellation_requested', 160);
  const undoing = event('order.compensating', 165, { reason: 'customer_request' });
  expect(states('compensating', created, screened, reserved, asked, undoing)).toMatchObject({
    reserved: 'done',
    paid: 'skipped',
    confirmed: 'skipped',
    compensating: 'done',
    released: 'running',
    refunded: 'running',
    cancelled: 'pending',
  });
  const paid = event('payment.succeeded', 170);
  const taken = [event('inventory.released', 180), event('payment.refunded', 240)];
  const whole = [created, screened, reserved, asked, undoing, paid, ...taken, event('order.cancelled', 250)];
  const steps = sagaSteps({ status: 'cancelled', createdAt: at(0) }, whole);
  expect(states('cancelled', ...whole)).toMatchObject({
    reserved: 'compensated',
    paid: 'compensated',
    refunded: 'done',
  });
  expect(steps.find(({ id }) => id === 'compensating')?.title).toBe('Cancel requested');
  expect(steps.find(({ id }) => id === 'cancelled')?.durationMs, 'since the later of the two').toBe(10);
});

test('a charge that was never made is voided; what an order never came to is not needed', () => {
  const timeline = [created, event('order.compensating', 50, { reason: 'payment_timeout' })];
  const whole = [...timeline, event('payment.voided', 60), event('order.cancelled', 70, { reason: 'payment_timeout' })];
  const steps = sagaSteps({ status: 'cancelled', createdAt: at(0) }, whole);
  expect(steps.find(({ id }) => id === 'compensating')?.title).toBe('Payment timed out');
  expect(steps.find(({ id }) => id === 'refunded')).toMatchObject({ title: 'Charge voided', state: 'done' });
  expect(steps.find(({ id }) => id === 'released')).toMatchObject({ state: 'skipped' });
  expect(steps.find(({ id }) => id === 'screened')).toMatchObject({ state: 'skipped' });
});

test('an orchestrated step knows its command, and how often it was given', () => {
  const [first, again] = [event('inventory.reserve', 101), event('inventory.reserve', 140)];
  const steps = sagaSteps({ status: 'screened', createdAt: at(0) }, [created, screened, first, again]);
  expect(steps.find(({ id }) => id === 'reserved')).toMatchObject({ state: 'running', command: again, attempts: 2 });
  expect(steps.find(({ id }) => id === 'screened')).toMatchObject({ command: null, attempts: 0 });
});

test('events that arrive before their cause are shown, without a duration', () => {
  const steps = sagaSteps({ status: 'created', createdAt: at(0) }, [created, event('payment.succeeded', 300)]);
  expect(steps.find(({ id }) => id === 'paid')).toMatchObject({ state: 'done', durationMs: null });
});

test('the strip of a list row needs nothing but the view', () => {
  const order = { cancelReason: null, reservationId: null };
  expect(sagaStrip({ ...order, status: 'screened' })).toEqual(['done', 'done', 'running', 'pending', 'pending']);
  expect(sagaStrip({ ...order, status: 'confirmed' })).toEqual(['done', 'done', 'done', 'done', 'done']);
  expect(sagaStrip({ status: 'cancelled', cancelReason: 'payment_failed', reservationId: 'r' })).toEqual([
    ...['done', 'done', 'compensated', 'failed', 'skipped'],
  ]);
  expect(sagaStrip({ status: 'cancelled', cancelReason: 'out_of_stock', reservationId: null })).toEqual([
    ...['done', 'done', 'failed', 'skipped', 'skipped'],
  ]);
});

test('the caption says whom it waits for, and in the end how long it took and where', () => {
  const text = (ms: number) => `${ms} ms`;
  const running = { status: 'reserved' as const, createdAt: at(0), finishedAt: null, cancelReason: null };
  expect(sagaCaption(running, sagaSteps(running, [created, screened, reserved]), text)).toBe('waiting for billing');
  const ended = { status: 'confirmed' as const, createdAt: at(0), finishedAt: at(340), cancelReason: null };
  const timeline = [created, screened, reserved, event('payment.succeeded', 300), event('order.confirmed', 340)];
  expect(sagaCaption(ended, sagaSteps(ended, timeline), text)).toBe(
    'confirmed in 340 ms; slowest: paid, 150 ms in billing',
  );
});
