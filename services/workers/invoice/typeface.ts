import { readFileSync } from 'node:fs';
import type { ParsedFonts, Typeface } from './parsed-fonts.ts';

/** Typefaces of a process, and what its documents have parsed of them. */
export type Typefaces = { choose: ChooseTypeface; parsed: ParsedFonts };

/** Built into every PDF reader: nothing to embed, 3 KB per invoice. Knows the characters of Windows-1252. */
const standard: Typeface = { regular: 'Helvetica', bold: 'Helvetica-Bold' };

/** Characters of Windows-1252 that PDFKit writes with the standard fonts. */
const windows1252 = /^[\u0020-\u007e\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/;

export type ChooseTypeface = (texts: readonly string[]) => Typeface;

/**
 * Chooses for a whole document, so that it looks of one piece: the standard face, or an embedded Geist subset when a
 * name such as *Dvořáková* needs more than Windows-1252 has. Reads the font files once, when first needed.
 */
export function createTypefaces(directory: URL): Typefaces {
  let embedded: Typeface | null = null;
  const choose: ChooseTypeface = (texts) => {
    if (texts.every((text) => windows1252.test(text))) return standard;
    embedded ??= {
      regular: readFileSync(new URL('Geist-Regular.subset.ttf', directory)),
      bold: readFileSync(new URL('Geist-SemiBold.subset.ttf', directory)),
    };
    return embedded;
  };
  return { choose, parsed: { standard: new Map(), embedded: new Map() } };
}
