import PDFDocument from 'pdfkit';
import { formatMoney } from '#contracts/format-money.ts';
import { type InvoiceDocument, type InvoiceLine, vatPercent } from './invoice.ts';
import { letterhead, pageFoot } from './letterhead.ts';
import { colour, margin, page, style, type TextStyle } from './page.ts';
import { openFont } from './parsed-fonts.ts';
import { createPen, type Pen } from './pen.ts';
import type { Typefaces } from './typeface.ts';

type Pdf = PDFKit.PDFDocument;
/** A document, and the pen that writes on its current page. */
type Paper = { pdf: Pdf; pen: Pen };

const right = page.width - margin.side;
const column = {
  item: { x: margin.side, width: 262 },
  qty: { x: 328, width: 44, align: 'right' },
  unit: { x: 380, width: 76, align: 'right' },
  amount: { x: right - 88, width: 88, align: 'right' },
} as const;
const rowHeight = 36;
/** `22 November 2026`. */
const longDate = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const tableBottom = page.height - margin.bottom - 24;

/**
 * Renders an invoice as PDF, A4. The same document gives the same bytes: dates and the file id come from the document
 * and not from the clock.
 */
export function renderInvoice(invoice: InvoiceDocument, typefaces: Typefaces): Promise<Buffer> {
  const { billTo } = invoice;
  const face = typefaces.choose([
    billTo.name,
    billTo.street ?? '',
    billTo.city ?? '',
    ...invoice.lines.map((l) => l.name),
  ]);
  const pdf = new PDFDocument({
    size: 'A4',
    margins: { top: margin.top, bottom: 0, left: margin.side, right: margin.side },
    bufferPages: true,
    // No default font: it would be parsed although nothing is written in it.
    font: '',
    lang: 'en-GB',
    displayTitle: true,
    info: {
      Title: `Invoice ${invoice.number}`,
      Author: 'Orrery',
      Subject: `Order ${invoice.orderId}`,
      Creator: 'orrery workers',
      Producer: 'PDFKit',
      CreationDate: new Date(invoice.issuedAt),
    },
  });
  const bytes = collect(pdf);
  const pen = createPen(pdf, {
    regular: openFont(pdf, 'regular', face.regular, typefaces.parsed),
    bold: openFont(pdf, 'bold', face.bold, typefaces.parsed),
  });
  letterhead(pen);
  headline(pen, invoice);
  parties(pen, invoice);
  const afterLines = table({ pdf, pen }, invoice.lines);
  totals({ pdf, pen }, invoice, afterLines);
  const { count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    pdf.switchToPage(index);
    pageFoot(pen, invoice.number, index + 1, count);
  }
  pdf.end();
  return bytes;
}

function headline(pen: Pen, invoice: InvoiceDocument): void {
  pen.write('Invoice', { x: margin.side, y: 138, width: 240 }, style.title);
  pen.write(invoice.number, { x: margin.side, y: 170, width: 240 }, style.muted);
}

function parties(pen: Pen, invoice: InvoiceDocument): void {
  const top = 214;
  const { billTo } = invoice;
  const left = { x: margin.side, width: 220 };
  pen.write('Billed to', { ...left, y: top }, style.small);
  pen.writeBlock([billTo.name], { ...left, y: top + 15 }, 0, style.name);
  const address = [billTo.street, billTo.city, billTo.email].filter((part) => part !== null);
  pen.writeBlock(address, { ...left, y: top + 30 }, 2.5, style.muted);

  const facts: [string, string][] = [
    ['Date', longDate.format(new Date(invoice.issuedAt))],
    ['Order', invoice.orderId],
    ['Payment', invoice.chargeId],
  ];
  const facing = { x: 328, width: right - 328 };
  facts.forEach(([name, value], index) => {
    const y = top + index * 34;
    pen.write(name, { ...facing, y }, style.small);
    pen.write(value, { ...facing, y: y + 13 }, style.body);
  });
}

/** Draws the lines over as many pages as they need and returns where the last one ended. */
function table({ pdf, pen }: Paper, lines: readonly InvoiceLine[]): number {
  let y = tableHead(pen, 344);
  for (const line of lines) {
    if (y + rowHeight > tableBottom) {
      pdf.addPage();
      y = tableHead(pen, margin.top);
    }
    const at = y + 7;
    pen.write(line.name, { ...column.item, y: at }, style.cell);
    pen.write(String(line.qty), { ...column.qty, y: at }, style.cell);
    pen.write(formatMoney(line.unitPrice), { ...column.unit, y: at }, style.cell);
    pen.write(formatMoney(line.lineTotal), { ...column.amount, y: at }, style.cell);
    pen.write(line.sku, { ...column.item, y: y + 20.5 }, style.smallCell);
    y += rowHeight;
    pen.rule(margin.side, right, y, 0.5, colour.hairline);
  }
  return y;
}

function tableHead(pen: Pen, y: number): number {
  pen.write('Item', { ...column.item, y }, style.small);
  pen.write('Quantity', { ...column.qty, y }, style.small);
  pen.write('Unit price', { ...column.unit, y }, style.small);
  pen.write('Amount', { ...column.amount, y }, style.small);
  pen.rule(margin.side, right, y + 17, 0.8, colour.ink);
  return y + 17;
}

function totals({ pdf, pen }: Paper, invoice: InvoiceDocument, after: number): void {
  let y = after + 16;
  if (y + 104 > tableBottom + 24) {
    pdf.addPage();
    y = margin.top;
  }
  const left = column.qty.x;
  const sum = (name: string, value: string, top: number, look: TextStyle) => {
    pen.write(name, { x: left, y: top, width: column.amount.x - left }, { ...look, tabular: false });
    pen.write(value, { ...column.amount, y: top }, look);
  };
  sum('Net', formatMoney(invoice.net), y, style.sum);
  sum(`VAT ${vatPercent} %`, formatMoney(invoice.vat), y + 18, style.sum);
  pen.rule(left, right, y + 39, 0.8, colour.ink);
  sum('Total', formatMoney(invoice.total), y + 49, style.total);
  const paid = 'Paid by card in full. Nothing is due.';
  pen.write(paid, { x: left, y: y + 72, width: right - left }, style.note);
}

function collect(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
