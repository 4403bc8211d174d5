export type Features = PDFKit.Mixins.OpenTypeFeatures[];

/** PDFKit's PDFFont: one per document, around the metrics or the parsed file that need not be. */
export type PdfFont = {
  id: string;
  name: string;
  font: object;
  document: unknown;
  dictionary?: unknown;
  embedded?: boolean;
  /** In thousandths of the font size. */
  ascender: number;
  ref(): unknown;
  lineHeight(size: number, includeGap: boolean): number;
  /** The codes of the characters, in hex, and what each moves on by, kerned and not, in thousandths of the size. */
  encode(text: string, features?: Features): [string[], { xAdvance: number; advanceWidth: number }[]];
};
