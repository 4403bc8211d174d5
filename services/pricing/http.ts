import { listPrices } from '#contracts/http/catalogue.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { PriceList } from './basket.ts';
import { selectPrices } from './list-prices.ts';

export function pricingRoutes(http: HttpServer, priceList: (signal: AbortSignal) => Promise<PriceList>): void {
  http.route(listPrices, async ({ query, signal }) => ({
    status: 200,
    body: { items: selectPrices(await priceList(signal), query.skus) },
  }));
}
