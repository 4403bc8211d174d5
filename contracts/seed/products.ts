import type { SeedProduct } from './product.ts';
import { audio } from './products/audio.ts';
import { books } from './products/books.ts';
import { games } from './products/games.ts';
import { garden } from './products/garden.ts';
import { kitchen } from './products/kitchen.ts';
import { lighting } from './products/lighting.ts';
import { office } from './products/office.ts';
import { travel } from './products/travel.ts';

/** The demo catalogue: 72 products, nine in each of the eight categories. Prices include VAT. */
export const products: readonly SeedProduct[] = [
  ...lighting,
  ...kitchen,
  ...office,
  ...garden,
  ...audio,
  ...travel,
  ...books,
  ...games,
];

/**
 * SKUs to teach with: `none` cannot be bought, of `few` there are three pieces. Orders for them take the
 * out-of-stock path without anybody having to empty a shelf first.
 */
export const scarceSkus = { none: ['GARDEN-009', 'TRAVEL-009'], few: 'LAMP-009' } as const;
