import { type Colour, colour, type TextStyle, type Weight } from './page.ts';
import type { DocumentFont } from './parsed-fonts.ts';

type Pdf = PDFKit.PDFDocument;

/** Where text stands: its top, and its left edge or, aligned right, the left edge of the box that it ends with. */
export type Place = { x: number; y: number; width: number; align?: 'left' | 'right' };

/** Writes on the current page of a document. */
export type Pen = {
  /** One line. Is cut where it is wider than its place. */
  write(text: string, place: Place, style: TextStyle): void;
  /** Lines below each other, `gap` points apart. All are wrapped when one is wider than the place. */
  writeBlock(lines: readonly string[], place: Place, gap: number, style: TextStyle): void;
  rule(from: number, to: number, y: number, thickness: number, stroke: Colour): void;
  ring(x: number, y: number, radius: number, thickness: number, stroke: Colour): void;
  disc(x: number, y: number, radius: number, fill: Colour): void;
};

/**
 * Writes the operators of lines that fit, nearly all, itself: PDFKit's text() costs ten times more, its wrapping and
 * cutting twice that again. It does the others.
 */
export function createPen(pdf: Pdf, fonts: Record<Weight, DocumentFont>): Pen {
  const setLine = (text: string, { weight, size, tabular }: TextStyle) => {
    const font = fonts[weight];
    const { shown, width } = tabular ? font.tabular(text) : font.plain(text);
    return { font: font.font, shown, width: (width * size) / 1000 };
  };

  const draw = (line: ReturnType<typeof setLine>, { x, y, width, align }: Place, style: TextStyle) => {
    const { id, ascender } = line.font;
    pdf.page.fonts[id] ??= line.font.ref();
    const left = align === 'right' ? x + width - line.width : x;
    const baseline = y + (ascender * style.size) / 1000;
    // PDFKit's pages count y from the top; -1 turns the letters, which would stand on their heads.
    const matrix = `1 0 0 -1 ${round(left)} ${round(baseline)} Tm`;
    add(pdf, `${rgb[style.colour]} rg BT /${id} ${style.size} Tf ${matrix} ${line.shown} TJ ET`);
  };

  const layOut = (text: string, { x, y }: Place, style: TextStyle, options: PDFKit.Mixins.TextOptions) => {
    pdf.font(style.weight).fontSize(style.size).fillColor(style.colour);
    pdf.text(text, x, y, style.tabular ? { ...options, features: ['tnum'] } : options);
  };

  return {
    write(text, place, style) {
      const line = setLine(text, style);
      if (line.width <= place.width) draw(line, place, style);
      else layOut(text, place, style, { width: place.width, height: style.size * 1.35, ellipsis: true });
    },
    writeBlock(texts, place, gap, style) {
      const lines = texts.map((text) => setLine(text, style));
      if (lines.some((line) => line.width > place.width)) {
        layOut(texts.join('\n'), place, style, { width: place.width, align: place.align, lineGap: gap });
        return;
      }
      const pitch = fonts[style.weight].font.lineHeight(style.size, true) + gap;
      for (const [index, line] of lines.entries()) draw(line, { ...place, y: place.y + index * pitch }, style);
    },
    rule(from, to, y, thickness, stroke) {
      add(pdf, `${thickness} w ${rgb[stroke]} RG ${round(from)} ${round(y)} m ${round(to)} ${round(y)} l S`);
    },
    ring(x, y, radius, thickness, stroke) {
      add(pdf, `${thickness} w ${rgb[stroke]} RG ${circle(x, y, radius)} S`);
    },
    disc(x, y, radius, fill) {
      add(pdf, `${rgb[fill]} rg ${circle(x, y, radius)} f`);
    },
  };
}

const rgb = Object.fromEntries(
  Object.values(colour).map((hex) => [
    hex,
    [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255).toFixed(3)).join(' '),
  ]),
) as Record<Colour, string>;

/** Four Bézier curves; they leave the circle by 0.03 % of its radius. */
function circle(x: number, y: number, radius: number): string {
  const handle = ((Math.SQRT2 - 1) * 4) / 3;
  const at = (right: number, down: number) => `${round(x + right * radius)} ${round(y + down * radius)}`;
  const quarter = (cos: number, sin: number) =>
    `${at(cos - sin * handle, sin + cos * handle)} ${at(cos * handle - sin, sin * handle + cos)} ${at(-sin, cos)} c`;
  return `${at(1, 0)} m ${quarter(1, 0)} ${quarter(0, 1)} ${quarter(-1, 0)} ${quarter(0, -1)} h`;
}

/** As bytes, which PDFKit takes as they are; a string it converts character by character. */
function add(pdf: Pdf, operators: string): void {
  pdf.addContent(Buffer.from(`${operators}\n`, 'latin1'));
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}
