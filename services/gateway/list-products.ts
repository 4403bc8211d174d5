import type { z } from 'zod';
import { listPrices, type listProducts, listStock, type Product } from '#contracts/http/catalogue.ts';
import type { Money } from '#contracts/money.ts';
import { createHttpClient, type HttpClient } from '#kit/http-client.ts';
import type { Logger } from '#kit/logger.ts';
import type { Guard } from '#kit/resilience/guard.ts';

export type ProductSources = { inventory: HttpClient; pricing: HttpClient };

/** A price may be missing, a catalogue may not: pricing gets less patience than inventory. Milliseconds. */
const stockTimeoutMs = 2_000;
const priceTimeoutMs = 500;

export function productSources(
  urls: { inventory: string; pricing: string },
  guards: { inventory?: Guard; pricing?: Guard } = {},
): ProductSources {
  return {
    inventory: createHttpClient({
      peer: 'inventory',
      baseUrl: urls.inventory,
      guard: guards.inventory,
      timeoutMs: stockTimeoutMs,
      attempts: 2,
    }),
    pricing: createHttpClient({
      peer: 'pricing',
      baseUrl: urls.pricing,
      guard: guards.pricing,
      timeoutMs: priceTimeoutMs,
      attempts: 1,
    }),
  };
}

/** Catalogue of inventory with the prices of pricing; prices are null while pricing does not answer (API composition). */
export async function composeProducts(
  sources: ProductSources,
  query: z.output<typeof listProducts.query>,
  { signal, log }: { signal: AbortSignal; log: Logger },
): Promise<Product[]> {
  const [stock, prices] = await Promise.all([
    sources.inventory.call(listStock, { query, signal }),
    currentPrices(sources.pricing, query.skus, signal, log),
  ]);
  return stock.body.items.map((item) => ({ ...item, price: prices.get(item.sku) ?? null }));
}

async function currentPrices(
  pricing: HttpClient,
  skus: string | undefined,
  signal: AbortSignal,
  log: Logger,
): Promise<Map<string, Money>> {
  try {
    const { body } = await pricing.call(listPrices, { query: skus === undefined ? {} : { skus }, signal });
    return new Map(body.items.map(({ sku, price }) => [sku, price]));
  } catch (error) {
    log.warn({ error }, 'pricing does not answer, products go without prices');
    return new Map();
  }
}
