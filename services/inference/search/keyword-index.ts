import { conceptsOf } from '../embedding/concepts.ts';
import { words } from '../embedding/words.ts';

export type KeywordDocument = { key: string; title: string; body: string };

/** BM25 ranking over stemmed words and concepts. */
export type KeywordIndex = {
  /** BM25 score per document that shares at least one term with the query. */
  scores(query: string): Map<string, number>;
};

/** Customary parameters of BM25: how fast repetition saturates, how much length counts. */
const k1 = 1.2;
const b = 0.5;
/** A word of the title counts as this many in the body; a concept as less than a word. */
const titleWeight = 2.5;
const conceptWeight = 0.45;

/** Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with a weighted title field. */
export function createKeywordIndex(documents: readonly KeywordDocument[]): KeywordIndex {
  const frequencies = new Map(documents.map((document) => [document.key, termFrequencies(document)]));
  const lengths = new Map([...frequencies].map(([key, terms]) => [key, sum(terms.values())]));
  const averageLength = sum(lengths.values()) / Math.max(1, documents.length);
  const containing = new Map<string, number>();
  for (const terms of frequencies.values()) {
    for (const term of terms.keys()) containing.set(term, (containing.get(term) ?? 0) + 1);
  }
  const rarity = (term: string) => {
    const count = containing.get(term) ?? 0;
    return Math.log(1 + (documents.length - count + 0.5) / (count + 0.5));
  };
  return {
    scores(query) {
      const wanted = termsOf(query);
      const scored = new Map<string, number>();
      for (const [key, terms] of frequencies) {
        let score = 0;
        for (const [term, wantedWeight] of wanted) {
          const frequency = terms.get(term);
          if (frequency === undefined) continue;
          const lengthNorm = k1 * (1 - b + (b * (lengths.get(key) ?? 0)) / averageLength);
          score += wantedWeight * rarity(term) * ((frequency * (k1 + 1)) / (frequency + lengthNorm));
        }
        if (score > 0) scored.set(key, score);
      }
      return scored;
    },
  };
}

function termFrequencies({ title, body }: KeywordDocument): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of words(text)) {
      terms.set(word, (terms.get(word) ?? 0) + weight);
      for (const concept of conceptsOf(word)) terms.set(`#${concept}`, (terms.get(`#${concept}`) ?? 0) + weight);
    }
  };
  add(title, titleWeight);
  add(body, 1);
  return terms;
}

/** Terms of a query, each once, with its weight. */
function termsOf(query: string): Map<string, number> {
  const terms = new Map<string, number>();
  for (const word of words(query)) {
    terms.set(word, 1);
    for (const concept of conceptsOf(word)) terms.set(`#${concept}`, conceptWeight);
  }
  return terms;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
