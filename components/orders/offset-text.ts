/** Time since the order was placed, for a column of equal width: `+0.233 s`, `+12.482 s`, `−0.004 s`. */
export function offsetText(ms: number): string {
  const sign = Math.round(ms) < 0 ? '−' : '+';
  return `${sign}${(Math.abs(ms) / 1000).toFixed(3)}`;
}
