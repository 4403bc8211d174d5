import type { AttributeValue } from '#contracts/telemetry/query.ts';

/** An attribute as records hold it. */
export type Pair = { readonly key: string; readonly value: AttributeValue };

/**
 * The attributes that were read lately, by their bytes on the wire: most repeat from span to span, ids within a trace.
 * One that is known costs a comparison instead of two strings, and the strings are shared by all records that hold them.
 */
export type KnownPairs = {
  /** The pair that bytes [start, end) stand for, or null. */
  find(bytes: Buffer, start: number, end: number): Pair | null;
  /** Says what the bytes stand for that were not found just now. They are known from the second time on. */
  keep(bytes: Buffer, start: number, end: number, key: string, value: AttributeValue): void;
};

/** Pairs that are kept; one whose hash ends alike takes the place of the one before. A fleet has some hundred. */
const slots = 4096;
/** Longer ones are not kept: 2 MiB of bytes at most, and as much text. */
const mostBytes = 512;

export function createKnownPairs(): KnownPairs {
  const kept = new Map<number, { bytes: Uint8Array; pair: Pair }>();
  /** Hash of the last pair that was not found, by slot: one that never comes again takes nobody's place. */
  const seen = new Int32Array(slots);
  let hash = 0;
  return {
    find(bytes, start, end) {
      const length = end - start;
      if (length > mostBytes) return null;
      hash = hashOf(bytes, start, end);
      const entry = kept.get(hash & (slots - 1));
      if (entry === undefined || entry.bytes.length !== length) return null;
      for (let index = 0; index < length; index++) if (bytes[start + index] !== entry.bytes[index]) return null;
      return entry.pair;
    },
    keep(bytes, start, end, key, value) {
      // Arrays are not shared: whoever holds one could change it.
      if (end - start > mostBytes || typeof value === 'object') return;
      const slot = hash & (slots - 1);
      if (seen[slot] === hash)
        kept.set(slot, { bytes: Uint8Array.from(bytes.subarray(start, end)), pair: { key, value } });
      else seen[slot] = hash;
    },
  };
}

/** FNV-1a over every fourth byte and the last ones, where values differ; its upper half folded into the lower. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  const tail = Math.max(start, end - 8);
  for (let index = start; index < tail; index += 4) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  for (let index = tail; index < end; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  return hash ^ (hash >>> 16);
}
