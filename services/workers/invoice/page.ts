/** A4 in PDF points (1/72 inch). */
export const page = { width: 595.28, height: 841.89 } as const;
export const margin = { side: 56, top: 64, bottom: 64 } as const;
export const size = { title: 24, total: 13, body: 9.5, small: 8 } as const;
/** The console's light palette (STYLE.md), so that paper and screen belong together. */
export const colour = {
  ink: '#181b20',
  secondary: '#51555d',
  tertiary: '#656971',
  hairline: '#dee0e3',
  accent: '#245fd4',
} as const;
