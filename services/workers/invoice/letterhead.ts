import { colour, margin, page, size } from './page.ts';

type Pdf = PDFKit.PDFDocument;

const right = page.width - margin.side;

/** Sender, top of the first page: the mark, the name, and an address that cannot be mistaken for a real one. */
export function letterhead(pdf: Pdf): void {
  mark(pdf, margin.side + 11, 67);
  pdf
    .font('bold')
    .fontSize(15)
    .fillColor(colour.ink)
    .text('Orrery', margin.side + 32, 60, { lineBreak: false });
  pdf.font('regular').fontSize(size.small).fillColor(colour.tertiary);
  pdf.text('Orrery demo shop\nLoopback Lane 127\n00 001 Localhost', right - 200, 56, {
    width: 200,
    align: 'right',
    lineGap: 2,
  });
}

/** Foot of every page: what this paper is, and which page. */
export function pageFoot(pdf: Pdf, number: string, current: number, count: number): void {
  const y = page.height - margin.bottom + 8;
  pdf
    .moveTo(margin.side, y - 10)
    .lineTo(right, y - 10)
    .lineWidth(0.5)
    .stroke(colour.hairline);
  pdf.font('regular').fontSize(size.small).fillColor(colour.tertiary);
  pdf.text('Demonstration invoice of a model shop. No goods were sold and no money changed hands.', margin.side, y, {
    lineBreak: false,
  });
  pdf.text(`${number} · ${current}/${count}`, right - 140, y, { width: 140, align: 'right', lineBreak: false });
}

/** A sun, two orbits, two planets. */
function mark(pdf: Pdf, x: number, y: number): void {
  pdf.lineWidth(0.8).circle(x, y, 6.2).stroke(colour.ink);
  pdf.circle(x, y, 10.6).stroke(colour.ink);
  pdf.circle(x, y, 2.4).fill(colour.accent);
  pdf.circle(x + 4.4, y - 4.4, 1.5).fill(colour.ink);
  pdf.circle(x - 9.2, y + 5.3, 1.9).fill(colour.ink);
}
