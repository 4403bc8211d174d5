import { conceptsOf } from '../embedding/concepts.ts';
import { words } from '../embedding/words.ts';

/** Share of common letter pairs from which two words count as the same, misspelt (Dice coefficient). */
const sameFrom = 0.65;

/** Replaces the words of a query that the catalogue does not know by the nearest that it does. */
export type Spelling = (query: string) => string;

/** Learns the vocabulary of a corpus. Words with a concept are known even when no product uses them. */
export function createSpelling(corpus: readonly string[]): Spelling {
  const vocabulary = new Map([...new Set(corpus.flatMap(words))].map((word) => [word, letterPairs(word)] as const));
  return (query) =>
    words(query)
      .map((word) => (vocabulary.has(word) || conceptsOf(word).length > 0 ? word : (nearest(word, vocabulary) ?? word)))
      .join(' ');
}

function nearest(word: string, vocabulary: ReadonlyMap<string, ReadonlySet<string>>): string | null {
  const pairs = letterPairs(word);
  let best: { word: string; likeness: number } | null = null;
  for (const [candidate, candidatePairs] of vocabulary) {
    const likeness = dice(pairs, candidatePairs);
    if (likeness >= sameFrom && likeness > (best?.likeness ?? 0)) best = { word: candidate, likeness };
  }
  return best?.word ?? null;
}

function letterPairs(word: string): ReadonlySet<string> {
  const marked = `<${word}>`;
  return new Set(Array.from({ length: marked.length - 1 }, (_, start) => marked.slice(start, start + 2)));
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const pair of a) if (b.has(pair)) shared++;
  return (2 * shared) / (a.size + b.size);
}
