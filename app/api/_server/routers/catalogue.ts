import { z } from 'zod';
import { customers } from '#contracts/seed/customers.ts';
import { procedure, router } from '../trpc.ts';

/** What can be bought and by whom. */
export const catalogueRouter = router({
  products: procedure.query(async ({ ctx, signal }) => (await ctx.gateway.products(signal)).items),
  search: procedure
    .input(z.object({ text: z.string().trim().min(1).max(200), limit: z.int().min(1).max(50).default(24) }))
    .query(({ ctx, input, signal }) => ctx.gateway.search(input.text, input.limit, signal)),
  /** The demo shop's customers are contract data; they come over the wire so that no schema reaches the browser. */
  customers: procedure.query(() => customers.map(({ id, name, email, city }) => ({ id, name, email, city }))),
});
