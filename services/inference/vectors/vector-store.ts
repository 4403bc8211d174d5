import type { VectorIndex } from '../search/vector-index.ts';

/** A vector and what it was made from. */
export type StoredVector = { sku: string; textHash: string; vector: Float32Array };

/** What is stored of a vector, without the vector. */
export type KnownVector = { sku: string; textHash: string; dims: number };

/** Where the vectors of the catalogue are kept, by model, and who finds the nearest. */
export type VectorStore = {
  /** For people: `memory`, or `pgvector 0.8.2`. */
  name: string;
  known(model: string): Promise<KnownVector[]>;
  /**
   * Makes the stored vectors of a model exactly those of `skus`: what is no longer in the catalogue goes (FAULTS.md L12),
   * `fresh` ones are put in or replaced. Returns an index over them.
   */
  replace(model: string, skus: readonly string[], fresh: readonly StoredVector[]): Promise<VectorIndex>;
};
