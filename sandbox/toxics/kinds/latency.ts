import { z } from 'zod';
import { delaying } from './delay-line.ts';
import { defineToxic, milliseconds } from './kind.ts';

/** Delays everything by `latency` ± `jitter` milliseconds. Order is kept: a chunk never overtakes the one before. */
export const latency = defineToxic({
  type: 'latency',
  attributes: z.object({ latency: milliseconds, jitter: milliseconds }),
  stage: ({ latency, jitter }, context) =>
    delaying(context, {
      write(chunk, line) {
        context.hit();
        line.put(chunk, context.clock.now() + latency + jitter * (context.random() * 2 - 1));
      },
    }),
});
