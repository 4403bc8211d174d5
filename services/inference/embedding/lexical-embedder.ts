import { conceptsOf } from './concepts.ts';
import { type Embedder, normalise } from './embedder.ts';
import { words } from './words.ts';

/** Dimensions of the lexical embedding. */
export const lexicalDims = 512;
/** Changes whenever the same text would give another vector, so that stored vectors are made anew. */
export const lexicalModel = 'orrery-lexical-embedding-512-v1';

/** Weights of the three kinds of features; a word's character n-grams share one weight. */
const weight = { word: 1, concept: 0.8, grams: 0.7 } as const;
const gramLengths = [3, 4, 5] as const;

/** How rare a word is in the corpus: its inverse document frequency. */
export type Rarity = (word: string) => number;

/** Smoothed IDF, ln(1 + N / (1 + df)). A word the corpus does not know is as rare as can be. */
export function rarityIn(corpus: readonly string[]): Rarity {
  const documents = new Map<string, number>();
  for (const text of corpus) {
    for (const word of new Set(words(text))) documents.set(word, (documents.get(word) ?? 0) + 1);
  }
  return (word) => Math.log(1 + corpus.length / (1 + (documents.get(word) ?? 0)));
}

/**
 * A lexical embedding: signed feature hashing (Weinberger et al., "Feature Hashing for Large Scale Multitask
 * Learning", 2009) of words, concepts and character 3–5-grams into 512 dimensions, weighted by IDF. No weights, no
 * download, the same vector on every machine. It knows letters and a synonym table, not meaning, and its name says so.
 */
export function createLexicalEmbedder(corpus: readonly string[]): Embedder {
  const rarity = rarityIn(corpus);
  return {
    model: lexicalModel,
    provider: 'orrery',
    async embed(texts) {
      const vectors = texts.map((text) => embedLexically(text, rarity));
      return { vectors, inputTokens: texts.reduce((sum, text) => sum + words(text).length, 0) };
    },
  };
}

export function embedLexically(text: string, rarity: Rarity): Float32Array {
  const vector = new Float32Array(lexicalDims);
  const add = (feature: string, value: number) => {
    const hash = fnv1a(feature);
    const at = hash % lexicalDims;
    // The bit above the index decides the sign, so that collisions cancel out on average instead of adding up.
    vector[at] = (vector[at] ?? 0) + ((hash >>> 16) & 1 ? value : -value);
  };
  for (const [word, count] of counted(words(text))) {
    // Saying a word twice does not make a text twice as much about it.
    const importance = rarity(word) * (1 + Math.log(count));
    add(`w:${word}`, weight.word * importance);
    for (const concept of conceptsOf(word)) add(`c:${concept}`, weight.concept * importance);
    const grams = characterGrams(word);
    for (const gram of grams) add(`g:${gram}`, (weight.grams * importance) / Math.sqrt(grams.length));
  }
  return normalise(vector);
}

/** Character 3–5-grams of a word with its edges marked: `<la lam amp mp> …`. They match through typos and endings. */
export function characterGrams(word: string): string[] {
  const marked = `<${word}>`;
  return gramLengths.flatMap((length) =>
    Array.from({ length: Math.max(0, marked.length - length + 1) }, (_, start) => marked.slice(start, start + length)),
  );
}

/** 32-bit FNV-1a with a final avalanche (murmur3's), since the low bits alone pick the dimension. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function counted(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
