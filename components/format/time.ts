/** Clock time of an instant in the reader's zone, 24 h: `14:03:27.512`. Render inside `<LocalTime>`, not during SSR. */
export function clock(atMs: number, fractionDigits: 0 | 3 = 3): string {
  const at = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const whole = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return fractionDigits === 0 ? whole : `${whole}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

/** Date and clock time: `2026-11-22 14:03:27`. */
export function dateTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(atMs, 0)}`;
}

/** Epoch nanoseconds (decimal string) to epoch milliseconds, with the fraction. */
export function nanoToMs(nano: string): number {
  const digits = nano.padStart(7, '0');
  return Number(digits.slice(0, -6)) + Number(digits.slice(-6)) / 1e6;
}

/** An id for narrow columns: the last eight characters, where a UUIDv7 is random. */
export function shortId(id: string): string {
  return id.length > 12 ? id.slice(-8) : id;
}
