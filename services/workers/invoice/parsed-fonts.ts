/**
 * Fonts parsed once for all invoices. PDFKit parses a font's metrics anew for each document: a third of the time that
 * an invoice takes. It has no public way to hand a parsed font on, so this reaches into its table of fonts.
 */
/** Two weights of one family, as PDFKit takes them: a standard font's name, or the bytes of one to embed. */
export type Typeface = { regular: string | Buffer; bold: string | Buffer };

/** PDFKit's PDFFont: one per document, around the metrics or the parsed file that need not be. */
type PdfFont = { name: string; font: object; document: unknown; dictionary?: unknown; embedded?: boolean };
type FontTable = { _fontFamilies: Record<string, PdfFont | undefined> };

/** What earlier documents have parsed, by face and weight. Belongs to the process. */
export type ParsedFonts = Map<string | Buffer, PdfFont>;

const weights = ['regular', 'bold'] as const;

/** Registers the face's weights in a new document, with what has been parsed before. */
export function registerFonts(pdf: PDFKit.PDFDocument, face: Typeface, parsed: ParsedFonts): void {
  for (const weight of weights) {
    const source = face[weight];
    const known = parsed.get(source);
    // An embedded font keeps a subset per document; PDFKit takes its parsed file as a source in place of the bytes.
    const bytes = typeof source === 'string' || known === undefined ? source : known.font;
    pdf.registerFont(weight, bytes as PDFKit.Mixins.PDFFontSource);
    if (known !== undefined && typeof source === 'string') {
      const own = { document: pdf, dictionary: undefined, embedded: undefined };
      tableOf(pdf)[weight] = Object.assign(Object.create(Object.getPrototypeOf(known)), known, own);
    }
  }
}

/** Keeps what this document had to parse. */
export function keepFonts(pdf: PDFKit.PDFDocument, face: Typeface, parsed: ParsedFonts): void {
  for (const weight of weights) {
    const used = tableOf(pdf)[weight];
    // Without its document: that would keep the whole invoice alive.
    if (used !== undefined && !parsed.has(face[weight])) {
      const shared = { document: null, dictionary: undefined, embedded: undefined };
      parsed.set(face[weight], Object.assign(Object.create(Object.getPrototypeOf(used)), used, shared));
    }
  }
}

function tableOf(pdf: PDFKit.PDFDocument): FontTable['_fontFamilies'] {
  return (pdf as unknown as FontTable)._fontFamilies;
}
