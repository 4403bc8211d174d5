/**
 * Fonts parsed once for all invoices. PDFKit parses a font's metrics anew for each document: a third of the time that
 * an invoice takes. It has no public way to hand a parsed font on, so this reaches into its table of fonts.
 */
import { createLettering, type Lettering } from './lettering.ts';
import type { Weight } from './page.ts';
import type { Features, PdfFont } from './pdf-font.ts';

/** Two weights of one family, as PDFKit takes them: a standard font's name, or the bytes of one to embed. */
export type Typeface = Record<Weight, string | Buffer>;

type FontTable = { _fontFamilies: Record<string, PdfFont | undefined> };

/** A font of one document: PDFKit's, and how to set lines in it, with figures of their own width or of one width. */
export type DocumentFont = { font: PdfFont; plain: Lettering; tabular: Lettering };

type Layout = (text: string, features?: Features) => { glyphs: object[]; positions: object[]; advanceWidth: number };
type FontFile = { layout: Layout };

/** What earlier documents have parsed. Belongs to the process. */
export type ParsedFonts = {
  standard: Map<string, { font: PdfFont; lettering: Lettering }>;
  embedded: Map<Buffer, FontFile>;
};

export function openFont(
  pdf: PDFKit.PDFDocument,
  weight: Weight,
  source: string | Buffer,
  parsed: ParsedFonts,
): DocumentFont {
  return typeof source === 'string'
    ? openStandardFont(pdf, weight, source, parsed.standard)
    : openEmbeddedFont(pdf, weight, source, parsed.embedded);
}

/** The same for each document but for the object that stands for it there. All its figures have one width. */
function openStandardFont(
  pdf: PDFKit.PDFDocument,
  weight: Weight,
  name: string,
  parsed: ParsedFonts['standard'],
): DocumentFont {
  pdf.registerFont(weight, name);
  let known = parsed.get(name);
  if (known === undefined) {
    // Without its document: that would keep the whole invoice alive.
    const font = copyFor(null, load(pdf, weight));
    known = { font, lettering: createLettering(font, { kerned: true }) };
    parsed.set(name, known);
  }
  const font = copyFor(pdf, known.font);
  tableOf(pdf)[weight] = font;
  return { font, plain: known.lettering, tabular: known.lettering };
}

/** Keeps a subset per document, of the characters that it shows. Its file has no kerning (fonts/README.md). */
function openEmbeddedFont(
  pdf: PDFKit.PDFDocument,
  weight: Weight,
  bytes: Buffer,
  parsed: ParsedFonts['embedded'],
): DocumentFont {
  // PDFKit takes a parsed file as a source in place of the bytes.
  pdf.registerFont(weight, (parsed.get(bytes) ?? bytes) as PDFKit.Mixins.PDFFontSource);
  const font = load(pdf, weight);
  const file = font.font as FontFile;
  if (!parsed.has(bytes)) {
    file.layout = rememberCharacters(file.layout.bind(file));
    parsed.set(bytes, file);
  }
  return {
    font,
    plain: createLettering(font, { kerned: false }),
    tabular: createLettering(font, { kerned: false, features: ['tnum'] }),
  };
}

/** Lays out each single character once. */
function rememberCharacters(layout: Layout): Layout {
  const known = new Map<string, ReturnType<Layout>>();
  return (text, features) => {
    if (text.length > 1) return layout(text, features);
    const key = `${text}${features ?? ''}`;
    const { glyphs, positions, advanceWidth } = known.get(key) ?? layout(text, features);
    known.set(key, { glyphs, positions, advanceWidth });
    // PDFKit scales the positions where they are.
    return { glyphs, positions: positions.map((position) => ({ ...position })), advanceWidth };
  };
}

function load(pdf: PDFKit.PDFDocument, weight: Weight): PdfFont {
  const font = tableOf(pdf.font(weight))[weight];
  if (font === undefined) throw new Error(`PDFKit keeps no font by the name it was registered with: ${weight}`);
  return font;
}

function copyFor(document: PDFKit.PDFDocument | null, font: PdfFont): PdfFont {
  const own = { document, dictionary: undefined, embedded: undefined };
  return Object.assign(Object.create(Object.getPrototypeOf(font)), font, own);
}

function tableOf(pdf: PDFKit.PDFDocument): FontTable['_fontFamilies'] {
  return (pdf as unknown as FontTable)._fontFamilies;
}
