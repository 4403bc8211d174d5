import { z } from 'zod';
import { delaying } from './delay-line.ts';
import { defineToxic, milliseconds } from './kind.ts';

/** Passes data, and the end of the stream only after `delay` milliseconds. */
export const slowClose = defineToxic({
  type: 'slow_close',
  attributes: z.object({ delay: milliseconds }),
  stage: ({ delay }, context) =>
    delaying(context, {
      write: (chunk) => context.emit(chunk),
      end(line) {
        context.hit();
        line.put(null, context.clock.now() + delay);
      },
    }),
});
