/** A figure and its unit, kept apart so that the unit can be drawn lighter. */
export type Quantity = { value: string; unit: string };

/** Milliseconds to three significant figures: `0.42 ms`, `12.3 ms`, `1.24 s`, `2 m 05 s`. */
export function duration(ms: number): Quantity {
  if (ms < 0.001) return { value: (ms * 1e6).toFixed(0), unit: 'ns' };
  if (ms < 1) return ms < 0.1 ? { value: figures(ms * 1000), unit: 'µs' } : { value: ms.toFixed(2), unit: 'ms' };
  if (ms < 999.5) return { value: figures(ms), unit: 'ms' };
  if (ms < 59_950) return { value: figures(ms / 1000), unit: 's' };
  const seconds = Math.round(ms / 1000);
  return { value: `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')}`, unit: 's' };
}

/** `duration` as one string. */
export function durationText(ms: number): string {
  const { value, unit } = duration(ms);
  return `${value} ${unit}`;
}

/** Seconds since the start of something long-lived: `42 s`, `5 m`, `2 h 05 m`, `3 d 4 h`. */
export function uptime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Age of an instant: `now`, `12 s ago`, `5 m ago`; of one that is still to come: `in 25 s`. */
export function ago(ms: number): string {
  if (ms <= -1500) return `in ${uptime(-ms)}`;
  return ms < 1500 ? 'now' : `${uptime(ms)} ago`;
}

function figures(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
