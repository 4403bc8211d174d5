/**
 * Numbers in [0, 1) that depend on the seed only (mulberry32, Tommy Ettinger, public domain). `stream` gives
 * independent sequences of one seed, so that a change in one place does not shift all the others.
 */
export function seededRandom(seed: number, stream = 0): () => number {
  let state = (Math.imul(seed >>> 0, 0x9e3779b1) ^ Math.imul(stream >>> 0, 0x85ebca77)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
