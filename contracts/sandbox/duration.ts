/** Milliseconds of a time such as `500ms`, `8s` or `1m`; NaN for anything else. */
export function durationMs(text: string): number {
  const [, figure, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  return Number(figure) * { ms: 1, s: 1_000, m: 60_000 }[unit as 'ms' | 's' | 'm'];
}
