import PDFDocument from 'pdfkit';
import { formatMoney } from '#contracts/format-money.ts';
import { type InvoiceDocument, type InvoiceLine, vatPercent } from './invoice.ts';
import { letterhead, pageFoot } from './letterhead.ts';
import { colour, margin, page, size } from './page.ts';
import { keepFonts, registerFonts } from './parsed-fonts.ts';
import type { Typefaces } from './typeface.ts';

type Pdf = PDFKit.PDFDocument;

const right = page.width - margin.side;
const column = {
  item: { x: margin.side, width: 262 },
  qty: { x: 328, width: 44 },
  unit: { x: 380, width: 76 },
  amount: { x: right - 88, width: 88 },
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
  registerFonts(pdf, face, typefaces.parsed);
  letterhead(pdf);
  headline(pdf, invoice);
  parties(pdf, invoice);
  const afterLines = table(pdf, invoice.lines);
  totals(pdf, invoice, afterLines);
  const { count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index++) {
    pdf.switchToPage(index);
    pageFoot(pdf, invoice.number, index + 1, count);
  }
  keepFonts(pdf, face, typefaces.parsed);
  pdf.end();
  return bytes;
}

function headline(pdf: Pdf, invoice: InvoiceDocument): void {
  pdf.font('bold').fontSize(size.title).fillColor(colour.ink).text('Invoice', margin.side, 138);
  pdf.font('regular').fontSize(size.body).fillColor(colour.secondary).text(invoice.number, margin.side, 170);
}

function parties(pdf: Pdf, invoice: InvoiceDocument): void {
  const top = 214;
  const { billTo } = invoice;
  label(pdf, 'Billed to', margin.side, top);
  pdf
    .font('bold')
    .fontSize(size.body)
    .fillColor(colour.ink)
    .text(billTo.name, margin.side, top + 15);
  const address = [billTo.street, billTo.city, billTo.email].filter((part) => part !== null).join('\n');
  pdf
    .font('regular')
    .fillColor(colour.secondary)
    .text(address, margin.side, top + 30, { width: 220, lineGap: 2.5 });

  const facts: [string, string][] = [
    ['Date', longDate.format(new Date(invoice.issuedAt))],
    ['Order', invoice.orderId],
    ['Payment', invoice.chargeId],
  ];
  facts.forEach(([name, value], index) => {
    const y = top + index * 34;
    label(pdf, name, 328, y);
    pdf.font('regular').fontSize(size.body).fillColor(colour.ink);
    pdf.text(value, 328, y + 13, { width: right - 328, height: 13, ellipsis: true, lineBreak: false });
  });
}

/** Draws the lines over as many pages as they need and returns where the last one ended. */
function table(pdf: Pdf, lines: readonly InvoiceLine[]): number {
  let y = tableHead(pdf, 344);
  for (const line of lines) {
    if (y + rowHeight > tableBottom) {
      pdf.addPage();
      y = tableHead(pdf, margin.top);
    }
    pdf.font('regular').fontSize(size.body).fillColor(colour.ink);
    cell(pdf, line.name, column.item, y + 7, 'left');
    cell(pdf, String(line.qty), column.qty, y + 7, 'right');
    cell(pdf, formatMoney(line.unitPrice), column.unit, y + 7, 'right');
    cell(pdf, formatMoney(line.lineTotal), column.amount, y + 7, 'right');
    pdf.fontSize(size.small).fillColor(colour.tertiary);
    cell(pdf, line.sku, column.item, y + 20.5, 'left');
    y += rowHeight;
    rule(pdf, y, colour.hairline, 0.5);
  }
  return y;
}

function tableHead(pdf: Pdf, y: number): number {
  pdf.font('regular').fontSize(size.small).fillColor(colour.tertiary);
  cell(pdf, 'Item', column.item, y, 'left');
  cell(pdf, 'Quantity', column.qty, y, 'right');
  cell(pdf, 'Unit price', column.unit, y, 'right');
  cell(pdf, 'Amount', column.amount, y, 'right');
  rule(pdf, y + 17, colour.ink, 0.8);
  return y + 17;
}

function totals(pdf: Pdf, invoice: InvoiceDocument, after: number): void {
  let y = after + 16;
  if (y + 104 > tableBottom + 24) {
    pdf.addPage();
    y = margin.top;
  }
  const left = column.qty.x;
  const sum = (name: string, value: string, top: number) => {
    pdf.text(name, left, top, { lineBreak: false });
    cell(pdf, value, column.amount, top, 'right');
  };
  pdf.font('regular').fontSize(size.body).fillColor(colour.secondary);
  sum('Net', formatMoney(invoice.net), y);
  sum(`VAT ${vatPercent} %`, formatMoney(invoice.vat), y + 18);
  pdf
    .moveTo(left, y + 39)
    .lineTo(right, y + 39)
    .lineWidth(0.8)
    .stroke(colour.ink);
  pdf.font('bold').fontSize(size.total).fillColor(colour.ink);
  sum('Total', formatMoney(invoice.total), y + 49);
  pdf.font('regular').fontSize(size.small).fillColor(colour.accent);
  pdf.text('Paid by card in full. Nothing is due.', left, y + 72, { lineBreak: false });
}

function label(pdf: Pdf, text: string, x: number, y: number): void {
  pdf.font('regular').fontSize(size.small).fillColor(colour.tertiary).text(text, x, y, { lineBreak: false });
}

function cell(pdf: Pdf, text: string, at: { x: number; width: number }, y: number, align: 'left' | 'right'): void {
  const features: PDFKit.Mixins.OpenTypeFeatures[] = ['tnum'];
  const width = pdf.widthOfString(text, { features });
  if (width > at.width) {
    pdf.text(text, at.x, y, { width: at.width, height: 13, ellipsis: true, features });
    return;
  }
  // Nearly every cell fits its column. PDFKit's line wrapper, which would find that out word by word, costs 4 times more.
  pdf.text(text, align === 'right' ? at.x + at.width - width : at.x, y, { lineBreak: false, features });
}

function rule(pdf: Pdf, y: number, stroke: string, width: number): void {
  pdf.moveTo(margin.side, y).lineTo(right, y).lineWidth(width).stroke(stroke);
}

function collect(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
    pdf.on('error', reject);
  });
}
