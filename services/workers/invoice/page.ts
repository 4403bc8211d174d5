/** A4 in PDF points (1/72 inch). */
export const page = { width: 595.28, height: 841.89 } as const;
export const margin = { side: 56, top: 64, bottom: 64 } as const;
/** The console's light palette (STYLE.md), so that paper and screen belong together. */
export const colour = {
  ink: '#181b20',
  secondary: '#51555d',
  tertiary: '#656971',
  hairline: '#dee0e3',
  accent: '#245fd4',
} as const;
export type Colour = (typeof colour)[keyof typeof colour];

export type Weight = 'regular' | 'bold';
/** `tabular`: figures of one width, for columns of numbers. */
export type TextStyle = { weight: Weight; size: number; colour: Colour; tabular: boolean };

export const style = {
  sender: text('bold', 15, colour.ink),
  title: text('bold', 24, colour.ink),
  name: text('bold', 9.5, colour.ink),
  body: text('regular', 9.5, colour.ink),
  muted: text('regular', 9.5, colour.secondary),
  small: text('regular', 8, colour.tertiary),
  note: text('regular', 8, colour.accent),
  cell: text('regular', 9.5, colour.ink, true),
  smallCell: text('regular', 8, colour.tertiary, true),
  sum: text('regular', 9.5, colour.secondary, true),
  total: text('bold', 13, colour.ink, true),
} as const;

function text(weight: Weight, size: number, colour: Colour, tabular = false): TextStyle {
  return { weight, size, colour, tabular };
}
