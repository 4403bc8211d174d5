import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scarceSkus } from '#contracts/seed/products.ts';
import type { Span } from '#contracts/telemetry/query.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { shop, ledgers, telemetry } = await onFleet();

describe('an order that nothing stops', () => {
  test('goes from accepted to confirmed, is charged once, invoiced once and announced', async () => {
    const accepted = await shop.place({ items: [{ sku: 'LAMP-001', qty: 2 }] });
    expect(accepted.status).toBe(202);
    const id = String(accepted.body.id);
    expect(accepted.headers.get('location')).toBe(`/orders/${id}`);

    const { order } = await shop.finished(id);
    expect(order.status).toBe('confirmed');
    await until('the invoice and the mail are there', async () => {
      const { body } = await shop.request('GET', `/orders/${id}/timeline`);
      const names = (body.timeline as { event: string }[]).map((entry) => entry.event).sort();
      return names.includes('invoice.issued') &&
        names.includes('notification.sent') &&
        names.includes('inventory.committed')
        ? names
        : null;
    });

    expect((await ledgers.captures()).get(id)).toBe(1);
    expect((await ledgers.booked()).get(id)).toBe(1);
    expect(await ledgers.invoices(id)).toBe(1);
    expect(await ledgers.reservation(id)).toBe('committed');
    const pdf = await shop.request('GET', `/invoices/${id}.pdf`);
    expect(pdf.headers.get('content-type')).toContain('application/pdf');
    expect(String(pdf.body.text)).toMatch(/^%PDF-/);
    const { body } = await shop.request('GET', `/mailbox?orderId=${id}`);
    expect(body.mails).toEqual([expect.objectContaining({ kind: 'order_confirmed', orderId: id })]);
  });

  test('leaves one connected trace from the gateway to the invoice', async () => {
    const id = await shop.placed();
    const { order } = await shop.finished(id);
    const traceId = order.traceId ?? '';
    const services = [
      'gateway',
      'orders',
      'pricing',
      'inference',
      'inventory',
      'billing',
      'payments',
      'workers',
      'history',
    ];
    const spans = await until(
      'every part of the order is in the trace, and connected',
      async () => {
        const known = (await telemetry.trace(traceId)) ?? [];
        const present = new Set(known.map((span) => span.service));
        const absent = services.filter((service) => !present.has(service));
        const done = known.some(
          (span) => span.service === 'history' && span.attributes['orrery.event.name'] === 'invoice.issued',
        );
        if (absent.length > 0 || !done || orphans(known).length > 0) {
          throw new Error(
            `absent: ${absent.join(', ')}; without their parent: ${orphans(known)
              .map((span) => `${span.service} ${span.name}`)
              .join(', ')}`,
          );
        }
        return known;
      },
      { withinMs: 20_000, everyMs: 250 },
    );
    expect(spans.filter((span) => span.parentSpanId === null)).toHaveLength(1);
    expect(spans.find((span) => span.parentSpanId === null)?.service).toBe('gateway');
    const kinds = new Set(spans.map((span) => span.kind));
    expect([...kinds].sort()).toEqual(expect.arrayContaining(['client', 'consumer', 'producer', 'server']));
    const systems = new Set(
      spans.map(
        (span) =>
          span.attributes['db.system.name'] ?? span.attributes['rpc.system'] ?? span.attributes['messaging.system'],
      ),
    );
    expect(systems).toContain('postgresql');
    expect(systems).toContain('grpc');
    expect(systems).toContain('kafka');
  });

  test('writes log lines that lead to its trace', async () => {
    const id = await shop.placed();
    const { order } = await shop.finished(id);
    const logs = await until('its log lines arrive', async () => {
      const found = await telemetry.logsOfTrace(order.traceId ?? '');
      return found.some((log) => log.body === 'order confirmed') ? found : null;
    });
    expect(logs.some((log) => log.service === 'orders' && log.attributes.orderId === id)).toBe(true);
  });
});

describe('an order that fails', () => {
  test.each(['tok_declined', 'tok_insufficient_funds', 'tok_expired'] as const)(
    'releases its stock and charges nothing when the card answers %s',
    async (token) => {
      const id = await shop.placed({ payment: { token } });
      const { order, timeline } = await shop.finished(id);
      expect(order.status).toBe('cancelled');
      expect(order.cancelReason).toBe('payment_failed');
      expect(timeline.map((entry) => entry.event)).toEqual(
        expect.arrayContaining(['inventory.reserved', 'payment.failed', 'inventory.released', 'order.cancelled']),
      );
      expect(await ledgers.reservation(id)).toBe('released');
      expect((await ledgers.captures()).get(id)).toBeUndefined();
      expect((await ledgers.booked()).get(id)).toBeUndefined();
    },
  );

  test('is cancelled without a charge when there is too little stock', async () => {
    const id = await shop.placed({
      items: [
        { sku: 'LAMP-001', qty: 1 },
        { sku: scarceSkus.none[0], qty: 1 },
      ],
    });
    const { order } = await shop.finished(id);
    expect(order).toMatchObject({ status: 'cancelled', cancelReason: 'out_of_stock' });
    expect(await ledgers.reservation(id)).toBe('rejected');
    expect((await ledgers.captures()).get(id)).toBeUndefined();
  });

  test.each(['tok_slow', 'tok_flaky'] as const)('is charged exactly once when the provider is %s', async (token) => {
    const id = await shop.placed({ payment: { token } });
    const { order } = await shop.finished(id, 60_000);
    expect(order.status).toBe('confirmed');
    expect((await ledgers.captures()).get(id)).toBe(1);
    expect((await ledgers.booked()).get(id)).toBe(1);
  });
});

describe('the same intent sent again', () => {
  test('with the same key and body gives the same order', async () => {
    const key = randomUUID();
    const answers = await Promise.all([shop.place({}, key), shop.place({}, key), shop.place({}, key)]);
    const accepted = answers.filter((answer) => answer.status === 202);
    expect(answers.every((answer) => answer.status === 202 || answer.status === 409)).toBe(true);
    const again = await until('the key has its answer', async () => {
      const answer = await shop.place({}, key);
      return answer.status === 202 ? answer : null;
    });
    expect(new Set([...accepted, again].map((answer) => answer.body.id)).size).toBe(1);
    await shop.finished(String(again.body.id));
    expect((await ledgers.captures()).get(String(again.body.id))).toBe(1);
  });

  test('with another body is refused and changes nothing', async () => {
    const key = randomUUID();
    const first = await shop.place({}, key);
    const other = await shop.place({ items: [{ sku: 'LAMP-001', qty: 5 }] }, key);
    expect(first.status).toBe(202);
    expect(other.status).toBe(422);
    expect(other.body).toMatchObject({ code: 'unprocessable' });
  });
});

/** Spans whose parent is not in the trace. */
function orphans(spans: Span[]): Span[] {
  const ids = new Set(spans.map((span) => span.spanId));
  return spans.filter((span) => span.parentSpanId !== null && !ids.has(span.parentSpanId));
}
