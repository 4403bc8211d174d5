import type { Features, PdfFont } from './pdf-font.ts';

/** A line of text: the operand that shows it, and its width in thousandths of the font size. */
export type Line = { shown: string; width: number };

/**
 * Sets lines of text in one font. Remembers each character and each kerned pair that it meets, of which there are a few
 * hundred: PDFKit's text() looks all of them up three times for each line.
 */
export type Lettering = (text: string) => Line;

type Glyph = { hex: string; width: number; kernBefore: Map<string, number> };

export function createLettering(
  font: PdfFont,
  { kerned, features }: { kerned: boolean; features?: Features },
): Lettering {
  const glyphs = new Map<string, Glyph>();
  const encode = (char: string): Glyph => {
    const [hex, [position]] = font.encode(char, features);
    const glyph = { hex: hex.join(''), width: position?.advanceWidth ?? 0, kernBefore: new Map() };
    glyphs.set(char, glyph);
    return glyph;
  };
  const measureKern = (glyph: Glyph, char: string, next: string): number => {
    const [, [position]] = font.encode(char + next, features);
    const kern = position === undefined ? 0 : position.xAdvance - position.advanceWidth;
    glyph.kernBefore.set(next, kern);
    return kern;
  };
  return (text) => {
    let shown = '';
    let width = 0;
    let last = '';
    let lastGlyph: Glyph | null = null;
    for (const char of text) {
      if (kerned && lastGlyph !== null) {
        const kern = lastGlyph.kernBefore.get(char) ?? measureKern(lastGlyph, last, char);
        if (kern !== 0) shown += `> ${-kern} <`;
        width += kern;
      }
      const glyph = glyphs.get(char) ?? encode(char);
      shown += glyph.hex;
      width += glyph.width;
      last = char;
      lastGlyph = glyph;
    }
    return { shown: `[<${shown}>]`, width };
  };
}
