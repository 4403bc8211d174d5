/** Turns text into unit vectors. One port, two implementations: the lexical default and any OpenAI-compatible endpoint. */
export type Embedder = {
  /** Recorded beside every vector: vectors of two models are never compared. */
  model: string;
  /** Semconv `gen_ai.provider.name`. */
  provider: string;
  /** One L2-normalised vector per text, in order. Throws `unavailable` or `dependency_failed` when there is none to be had. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
};

export type Embeddings = {
  vectors: Float32Array[];
  /** Tokens that the model read; for the lexical one, words. */
  inputTokens: number;
};

/** Scales to length 1; a zero vector stays zero. */
export function normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (sum === 0) return vector;
  const scale = 1 / Math.sqrt(sum);
  return vector.map((value) => value * scale);
}
