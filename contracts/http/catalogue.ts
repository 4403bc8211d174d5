import { z } from 'zod';
import { Sku } from '../ids.ts';
import { Money } from '../money.ts';
import { defineRoute } from './route.ts';

export const Category = z.enum(['lighting', 'kitchen', 'office', 'garden', 'audio', 'travel', 'books', 'games']);
export type Category = z.infer<typeof Category>;

/** What inventory owns of a product. */
export const StockItem = z.object({
  sku: Sku,
  name: z.string(),
  description: z.string(),
  category: Category,
  onHand: z.int().describe('Pieces in the warehouse'),
  reserved: z.int().describe('Pieces promised to live orders'),
  available: z.int().describe('onHand − reserved'),
});
export type StockItem = z.infer<typeof StockItem>;

/** What the gateway composes from inventory and pricing; price is null while pricing does not answer. */
export const Product = StockItem.extend({ price: Money.nullable() });
export type Product = z.infer<typeof Product>;

export const ProductFilter = z.object({
  category: Category.optional(),
  skus: z.string().optional().describe('Comma-separated SKUs'),
});

// inventory
export const listStock = defineRoute({
  method: 'GET',
  path: '/stock',
  summary: 'Products and their stock',
  query: ProductFilter,
  responses: { 200: z.object({ items: z.array(StockItem) }) },
});

export const Restock = z.object({ qty: z.int().min(1).max(100_000), reason: z.string().min(3).max(200) }).strict();
export const restock = defineRoute({
  method: 'POST',
  path: '/stock/:sku/restock',
  summary: 'Add pieces to stock; recorded in the stock ledger',
  params: z.object({ sku: Sku }),
  body: Restock,
  responses: { 200: StockItem },
  errors: { not_found: 'No product has the SKU' },
  roles: ['operator'],
});

// pricing (REST beside gRPC)
export const Price = z.object({ sku: Sku, price: Money, version: z.int() });
export type Price = z.infer<typeof Price>;
export const listPrices = defineRoute({
  method: 'GET',
  path: '/prices',
  summary: 'Current price list',
  query: z.object({ skus: z.string().optional() }),
  responses: { 200: z.object({ items: z.array(Price) }) },
});

// gateway
export const listProducts = defineRoute({
  method: 'GET',
  path: '/products',
  summary: 'Catalogue with stock and prices',
  query: ProductFilter,
  responses: { 200: z.object({ items: z.array(Product) }) },
});

// inference
export const SearchHit = z.object({
  sku: Sku,
  name: z.string(),
  category: Category,
  score: z.number().describe('0–1, higher is nearer'),
  snippet: z.string(),
});
export type SearchHit = z.infer<typeof SearchHit>;
export const searchProducts = defineRoute({
  method: 'GET',
  path: '/search',
  summary: 'Semantic product search',
  query: z.object({ q: z.string().min(1).max(200), limit: z.coerce.number().int().min(1).max(50).default(10) }),
  responses: { 200: z.object({ model: z.string(), hits: z.array(SearchHit), elapsedMs: z.number() }) },
});
export const recommendProducts = defineRoute({
  method: 'GET',
  path: '/recommendations',
  summary: 'Products near the given ones',
  query: z.object({ skus: z.string().min(1), limit: z.coerce.number().int().min(1).max(20).default(5) }),
  responses: { 200: z.object({ model: z.string(), hits: z.array(SearchHit) }) },
});
