import fc from 'fast-check';
import PDFDocument from 'pdfkit';
import { expect, test } from 'vitest';
import { openFont } from './parsed-fonts.ts';
import { createTypefaces } from './typeface.ts';

const { choose, parsed } = createTypefaces(new URL('../fonts/', import.meta.url));
const letters = 'AVATo. Type Lyfj 0123456789 €£·–äöåßÉ@-';

test.each([
  ['a standard', choose([''])],
  ['an embedded', choose(['Dvořáková'])],
])('lines in %s font are as wide as PDFKit sets them', (_, face) => {
  // Twice: the second document gets what the first has parsed.
  for (const weight of ['regular', 'bold', 'regular', 'bold'] as const) {
    const pdf = new PDFDocument({ font: '' });
    const { plain, tabular } = openFont(pdf, weight, face[weight], parsed);
    pdf.font(weight).fontSize(1000);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...letters)), (chars) => {
        const text = chars.join('');
        expect(plain(text).width).toBeCloseTo(pdf.widthOfString(text), 6);
        expect(tabular(text).width).toBeCloseTo(pdf.widthOfString(text, { features: ['tnum'] }), 6);
      }),
    );
  }
});

test('a kerned pair moves together', () => {
  const { plain } = openFont(new PDFDocument({ font: '' }), 'regular', choose(['']).regular, parsed);
  expect(plain('AV').shown).toBe('[<41> 70 <56>]');
});
