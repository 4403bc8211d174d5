import type { SearchHit } from '#contracts/http/catalogue.ts';
import type { SeedProduct } from '#contracts/seed/product.ts';
import { words } from '../embedding/words.ts';

/** What is searched of a product. */
export type CatalogueEntry = Pick<SeedProduct, 'sku' | 'name' | 'description' | 'category'>;

/** The text that is embedded for a product. */
export function textOf(entry: CatalogueEntry): string {
  return `${entry.name}. ${entry.category}. ${entry.description}`;
}

/** A hit for the wire; the snippet is the sentence that shares most words with the query. */
export function toHit(entry: CatalogueEntry, score: number, query: string): SearchHit {
  return {
    sku: entry.sku,
    name: entry.name,
    category: entry.category,
    score: Math.round(Math.min(1, Math.max(0, score)) * 1000) / 1000,
    snippet: bestSentence(entry.description, query),
  };
}

export function bestSentence(text: string, query: string): string {
  const wanted = new Set(words(query));
  const sentences = text.split(/(?<=[.!?])\s+/);
  const shared = (sentence: string) => words(sentence).filter((word) => wanted.has(word)).length;
  return sentences.reduce((best, sentence) => (shared(sentence) > shared(best) ? sentence : best));
}
