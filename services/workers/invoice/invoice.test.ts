import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { customers, demoShopper } from '#contracts/seed/customers.ts';
import { anOrderConfirmed } from './invoice.builder.ts';
import { composeInvoice, invoiceNumber, vatWithin } from './invoice.ts';
import { renderInvoice } from './render-invoice.ts';
import { createTypefaces } from './typeface.ts';

const typefaces = createTypefaces(new URL('../fonts/', import.meta.url));
const issuedAt = '2026-11-22T10:00:00.000Z';

const document = (lineCount: number, billTo = demoShopper) =>
  composeInvoice(anOrderConfirmed(lineCount), billTo, invoiceNumber(2026, 123), issuedAt);

/** Text that a PDF with standard fonts shows: inflates its streams and reads the hex strings of the TJ operators. */
function textOf(pdf: Buffer): string {
  const source = pdf.toString('latin1');
  return [...source.matchAll(/stream\n([\s\S]*?)\nendstream/g)]
    .map(([, body]) => inflateSync(Buffer.from(body ?? '', 'latin1')).toString('latin1'))
    .flatMap((content) => [...content.matchAll(/\[(.*?)\] TJ/g)])
    .map(([, pieces]) =>
      [...(pieces ?? '').matchAll(/<([0-9a-f]*)>/g)]
        .map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('latin1'))
        .join(''),
    )
    .join('\n');
}

test('the PDF names the number, the customer, the lines and the total', async () => {
  const pdf = await renderInvoice(document(3), typefaces);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.subarray(-6).toString()).toContain('%%EOF');
  const text = textOf(pdf);
  for (const expected of [
    'INV-2026-000123',
    'Ada Bergstr',
    'Halden desk lamp',
    'LAMP-003',
    '22 November 2026',
    '280.00',
  ]) {
    expect(text).toContain(expected);
  }
});

test('the same invoice renders to the same bytes', async () => {
  const [first, second] = await Promise.all([
    renderInvoice(document(3), typefaces),
    renderInvoice(document(3), typefaces),
  ]);
  expect(first.equals(second)).toBe(true);
});

test('an order of fifty lines takes as many pages as it needs, each with its foot', async () => {
  const pdf = await renderInvoice(document(50), typefaces);
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(4);
  const text = textOf(pdf);
  for (const foot of ['1/4', '2/4', '3/4', '4/4']) expect(text).toContain(foot);
});

test('what is wider than its place is cut or wrapped, not written over its neighbour', async () => {
  const order = document(1, { ...demoShopper, street: 'Long and winding road through the forest behind the lake 12' });
  const wide = order.lines.map((line) => ({ ...line, name: 'Lamp '.repeat(30) }));
  const text = textOf(await renderInvoice({ ...order, lines: wide }, typefaces)).split('\n');
  expect(text.find((line) => line.startsWith('Lamp Lamp'))).toMatch(/^(Lamp ?){5,15}\u0085$/);
  expect(text).toContainEqual(expect.stringMatching(/^Long and winding road[^1]*$/));
  expect(text).toContainEqual(expect.stringMatching(/12 ?$/));
});

test('a name beyond Windows-1252 gets an embedded typeface instead of wrong letters', async () => {
  const klara = customers.find((customer) => customer.name === 'Klára Dvořáková') ?? demoShopper;
  expect(typefaces.choose([klara.name]).regular).toBeInstanceOf(Buffer);
  const pdf = await renderInvoice(document(2, klara), typefaces);
  expect(pdf.toString('latin1')).toContain('/FontFile2');
  expect(typefaces.choose([demoShopper.name, '€ 12.30 · –']).regular).toBe('Helvetica');
});

test('net and VAT add up to the total for every amount', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (amountMinor) => {
      const vat = vatWithin(amountMinor);
      expect(Number.isInteger(vat)).toBe(true);
      expect(Math.abs(vat - ((amountMinor - vat) * 21) / 100)).toBeLessThan(1);
    }),
  );
  const { net, vat, total } = document(4);
  expect(net.amountMinor + vat.amountMinor).toBe(total.amountMinor);
});
