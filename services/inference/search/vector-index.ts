import { byScore, type Ranked } from './hybrid.ts';

/** Exact nearest neighbours by cosine, over unit vectors that all have the same dimensions. */
export type VectorIndex = {
  dims: number;
  size: number;
  /**
   * Cosines with a unit vector, by key: of the `limit` nearest that are at least `atLeast` near, and of every key in
   * `also`. Throws RangeError on other dimensions.
   */
  near(
    query: Float32Array,
    wanted: { atLeast: number; limit: number; also: readonly string[] },
  ): Promise<Map<string, number>>;
  /** The `limit` keys nearest to all of the given ones, which are not among them: by mean cosine. Unknown keys are ignored. */
  nearToAll(keys: readonly string[], limit: number): Promise<Ranked[]>;
};

/** In memory, by brute force: 10 000 vectors of 256 dimensions take about 4 ms. */
export function createVectorIndex(entries: ReadonlyMap<string, Float32Array>): VectorIndex {
  const keys = [...entries.keys()];
  const dims = entries.values().next().value?.length ?? 0;
  const matrix = new Float32Array(keys.length * dims);
  [...entries.values()].forEach((vector, row) => {
    if (vector.length !== dims)
      throw new RangeError(`vector of ${keys[row]} has ${vector.length} dimensions, not ${dims}`);
    matrix.set(vector, row * dims);
  });
  const cosines = (query: Float32Array): Ranked[] =>
    keys.map((key, row) => ({ key, score: dot(matrix, row * dims, query) }));
  return {
    dims,
    size: keys.length,
    async near(query, { atLeast, limit, also }) {
      checkDims(query, dims);
      const all = cosines(query);
      const nearest = byScore(all.filter(({ score }) => score >= atLeast)).slice(0, limit);
      const asked = all.filter(({ key }) => also.includes(key));
      return new Map([...nearest, ...asked].map(({ key, score }) => [key, score]));
    },
    async nearToAll(wanted, limit) {
      const totals = new Map<string, number>();
      const known = wanted.flatMap((key) => entries.get(key) ?? []);
      for (const vector of known) {
        for (const { key, score } of cosines(vector)) totals.set(key, (totals.get(key) ?? 0) + score);
      }
      const others = [...totals].filter(([key]) => !wanted.includes(key));
      return byScore(others.map(([key, total]) => ({ key, score: Math.max(0, total / known.length) }))).slice(0, limit);
    },
  };
}

export function checkDims(query: Float32Array, dims: number): void {
  if (query.length !== dims) throw new RangeError(`query has ${query.length} dimensions, the index ${dims}`);
}

function dot(matrix: Float32Array, offset: number, query: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < query.length; index++) sum += (matrix[offset + index] ?? 0) * (query[index] ?? 0);
  return sum;
}
