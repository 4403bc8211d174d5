import type { Quantity } from './duration.ts';

/** Bytes in binary units: `512 B`, `93.4 MiB`. */
export function bytes(count: number): Quantity {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return { value: unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1), unit: units[unit] ?? 'B' };
}

/** Events per second: `0`, `0.3`, `12.4`, `1 204`. */
export function perSecond(rate: number): string {
  if (rate === 0) return '0';
  if (rate < 0.05) return '<0.1';
  return rate < 99.95 ? rate.toFixed(1) : count(Math.round(rate));
}

/** Ratio 0–1 as a percentage: `0 %`, `0.05 %`, `12.3 %`. */
export function percent(ratio: number): Quantity {
  const value = ratio * 100;
  if (value === 0) return { value: '0', unit: '%' };
  return { value: value < 0.1 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : '100', unit: '%' };
}

/** Integer with thin spaces between thousands, the same for every locale. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u2009');
}
