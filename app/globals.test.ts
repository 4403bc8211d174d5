import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/**
 * Recomputes the contrast of the palette from globals.css (WCAG 2 relative luminance; oklch → sRGB after
 * https://bottosson.github.io/posts/oklab/), so that the tokens cannot drift from STYLE.md's table.
 */
type Rgb = [number, number, number];

const css = readFileSync(new URL('./globals.css', import.meta.url), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
const surfaces = ['canvas', 'sidebar', 'surface', 'raised'] as const;

function declarations(selector: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, selectors = '', body = ''] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (
      !selectors.split(',').some(
        (one) =>
          one
            .trim()
            .split(/\s*;\s*/)
            .at(-1)
            ?.trim() === selector,
      )
    )
      continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+):\s*([^;]+);/g)) found.set(name, value.trim());
  }
  return found;
}

const light = declarations(':root');
const dark = new Map([...light, ...declarations('.dark')]);
const themes = { light, dark };

function oklch(theme: Map<string, string>, token: string): [number, number, number] {
  let value = theme.get(`--${token}`);
  for (let hops = 0; value?.startsWith('var(') && hops < 5; hops++) value = theme.get(value.slice(4, -1));
  const match = /^oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)$/.exec(value ?? '');
  if (!match) throw new Error(`--${token} is not an opaque oklch colour: ${value}`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

function toRgb([lightness, chroma, hue]: [number, number, number]): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => {
    const c = Math.min(1, Math.max(0, linear));
    return Math.round((c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055) * 255) / 255;
  }) as Rgb;
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function worst(theme: Map<string, string>, token: string, over: readonly string[] = surfaces): number {
  const colour = toRgb(oklch(theme, token));
  return Math.min(...over.map((surface) => ratio(colour, toRgb(oklch(theme, surface)))));
}

/** The table's hex is approximate: every channel within one step of 256. */
function expectNear(rgb: Rgb, hex: string) {
  for (const [index, channel] of rgb.entries()) {
    const wanted = Number.parseInt(hex.slice(1 + index * 2, 3 + index * 2), 16);
    expect(Math.abs(Math.round(channel * 255) - wanted), hex).toBeLessThanOrEqual(1);
  }
}

// STYLE.md's table: token, dark oklch, dark hex, dark worst, light oklch, light hex, light worst.
const table: [string, string, string, number, string, string, number][] = [
  ['canvas', '.165 .006 262', '#0d0e11', 0, '.99 .002 262', '#fbfcfd', 0],
  ['sidebar', '.145 .006 262', '#090a0d', 0, '.968 .003 262', '#f3f4f6', 0],
  ['surface', '.195 .007 262', '#131518', 0, '1 0 0', '#ffffff', 0],
  ['raised', '.235 .008 262', '#1c1e22', 0, '.955 .004 262', '#eff0f3', 0],
  ['border', '.29 .008 262', '#292b2f', 1.2, '.905 .005 262', '#dee0e3', 1.2],
  ['border-strong', '.54 .012 262', '#6b6f76', 3.3, '.62 .012 262', '#82868e', 3.2],
  ['text', '.95 .004 262', '#edeef1', 14.4, '.22 .012 262', '#181b20', 15.2],
  ['text-secondary', '.74 .01 262', '#a7abb1', 7.2, '.45 .014 262', '#51555d', 6.5],
  ['text-tertiary', '.65 .012 262', '#8b8f97', 5.2, '.52 .012 262', '#656971', 4.8],
  ['accent', '.70 .14 262', '#6d9df5', 6.2, '.52 .19 262', '#245fd4', 5.0],
  ['ok', '.76 .15 155', '#52cd86', 8.3, '.51 .13 152', '#0d7a3e', 4.7],
  ['warn', '.81 .145 80', '#f2b541', 9.1, '.53 .118 65', '#995b03', 4.8],
  ['error', '.71 .17 25', '#fa706a', 6.0, '.54 .20 27', '#c92324', 4.9],
  ['fatal', '.66 .21 12', '#f6486f', 4.8, '.46 .175 15', '#a21037', 6.9],
  ['info', '.74 .12 235', '#53b6eb', 7.4, '.52 .115 240', '#0d70a4', 4.8],
  ['debug', '.70 .05 262', '#8e9fbe', 6.2, '.50 .03 262', '#5a6475', 5.3],
  ['fault', '.74 .13 300', '', 6.9, '.52 .17 300', '', 5.2],
];

const parse = (text: string) => text.split(' ').map(Number);

test.each(table)('%s is the colour of the table, at its contrast', (token, d, dHex, dWorst, l, lHex, lWorst) => {
  expect(oklch(dark, token)).toEqual(parse(d));
  expect(oklch(light, token)).toEqual(parse(l));
  if (dHex) expectNear(toRgb(oklch(dark, token)), dHex);
  if (lHex) expectNear(toRgb(oklch(light, token)), lHex);
  if (dWorst) expect(Math.abs(worst(dark, token) - dWorst)).toBeLessThan(0.1);
  if (lWorst) expect(Math.abs(worst(light, token) - lWorst)).toBeLessThan(0.1);
});

test.each(Object.entries(themes))('text tokens reach 4.5 on every surface in %s', (_, theme) => {
  const text = ['text', 'text-secondary', 'text-tertiary', 'accent', 'ok', 'warn', 'error', 'fatal', 'info', 'debug'];
  const services = Array.from({ length: 10 }, (__, index) => `service-${index + 1}`);
  const states = ['running', 'starting', 'degraded', 'failed', 'stopped'].map((state) => `state-${state}`);
  for (const token of [...text, 'fault', ...services, ...states]) {
    expect(worst(theme, token), token).toBeGreaterThanOrEqual(4.5);
  }
  expect(worst(theme, 'on-accent', ['accent'])).toBeGreaterThanOrEqual(4.5);
});

test.each(Object.entries(themes))('control edges and series reach 3 in %s', (_, theme) => {
  expect(worst(theme, 'border-strong')).toBeGreaterThanOrEqual(3);
  for (const token of ['p50', 'p95', 'p99']) expect(worst(theme, token, ['canvas'])).toBeGreaterThanOrEqual(3);
});

test('services keep their worst contrast of the table: 7.4 dark, 5.0 light', () => {
  const lowest = (theme: Map<string, string>) =>
    Math.min(...Array.from({ length: 10 }, (_, index) => worst(theme, `service-${index + 1}`)));
  expect(Math.abs(lowest(dark) - 7.4)).toBeLessThan(0.1);
  expect(Math.abs(lowest(light) - 5.0)).toBeLessThan(0.1);
});

test('a chip keeps its text and its icon readable on the tint', () => {
  for (const theme of Object.values(themes)) {
    const surface = toRgb(oklch(theme, 'surface'));
    for (const token of ['ok', 'warn', 'error', 'fatal', 'info', 'debug', 'fault', 'accent']) {
      const colour = toRgb(oklch(theme, token));
      // sRGB mix: within a few hundredths of the oklch one that the browser computes.
      const tint = colour.map((c, index) => 0.11 * c + 0.89 * (surface[index] ?? 0)) as Rgb;
      expect(ratio(toRgb(oklch(theme, 'text')), tint), token).toBeGreaterThanOrEqual(4.5);
      expect(ratio(colour, tint), token).toBeGreaterThanOrEqual(3);
    }
  }
});
