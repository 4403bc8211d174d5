import { products } from '#contracts/seed/products.ts';
import { systemClock } from '#kit/clock.ts';
import { createHttpServer } from '#kit/http/server.ts';
import { newId } from '#kit/ids.ts';
import { openDatabase } from '#kit/postgres/database.ts';
import { runService } from '#kit/service.ts';
import { withoutTracing } from '#kit/telemetry/spans.ts';
import { env } from './env.ts';
import { startPricingGrpc } from './grpc.ts';
import { pricingRoutes } from './http.ts';
import { openPriceCache } from './price-cache.ts';
import { readPriceList, seedPrices } from './store.ts';

await runService({
  name: 'pricing',
  env,
  async start(service) {
    const db = await openDatabase(service, { migrations: new URL('./migrations/', import.meta.url), max: 4 });
    const seeded = await withoutTracing(() => db.transaction((tx) => seedPrices(tx, products)));
    if (seeded > 0) service.log.info({ prices: seeded }, 'price list seeded');
    const cache = await openPriceCache(service, () => readPriceList(db));
    const priceList = (signal: AbortSignal) => cache.get(signal);
    await startPricingGrpc(service, {
      priceList,
      now: systemClock.now,
      newId,
      signingKey: service.env.QUOTE_SIGNING_KEY,
    });
    const http = createHttpServer(service);
    pricingRoutes(http, priceList);
    await http.listen();
  },
});
