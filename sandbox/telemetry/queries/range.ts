/** Epoch milliseconds (fractions allowed) as epoch nanoseconds, within what the store can hold. */
export function toNano(ms: number): bigint {
  const bounded = Math.min(Math.max(ms, 0), 4_102_444_800_000);
  return BigInt(Math.floor(bounded)) * 1_000_000n + BigInt(Math.round((bounded % 1) * 1e6));
}
