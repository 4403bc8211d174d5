import { z } from 'zod';
import { Category } from '../http/catalogue.ts';
import { Sku } from '../ids.ts';
import { Money } from '../money.ts';

/** One product of the demo shop as it is before the first order. Each service takes the columns that it owns. */
export const SeedProduct = z
  .object({
    sku: Sku,
    name: z.string().min(3).max(60),
    description: z.string().min(40).max(240).describe('Two sentences'),
    category: Category,
    price: Money.describe('First price, version 1'),
    initialStock: z.int().nonnegative().describe('Pieces in the warehouse before the first movement'),
  })
  .strict();
export type SeedProduct = z.infer<typeof SeedProduct>;

/** Euro from minor units, so that a price in the seed reads as one number. */
export function eur(amountMinor: number): Money {
  return { amountMinor, currency: 'EUR' };
}
