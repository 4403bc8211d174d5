import { z } from 'zod';
import { delaying } from './delay-line.ts';
import { bytes, defineToxic } from './kind.ts';

/** Longest time that one piece takes, so that a large chunk at a low rate arrives as a trickle, not as a lump. */
const pieceMs = 100;

/** Lets through at most `rate` KB (1000 bytes) per second; 0 is no limit, as in Toxiproxy. */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  attributes: z.object({ rate: bytes.default(0) }),
  stage: ({ rate }, context) =>
    delaying(context, {
      write(chunk, line) {
        if (rate === 0) {
          line.put(chunk, context.clock.now());
          return;
        }
        context.hit();
        // 1 KB per second is 1 byte per millisecond.
        for (let from = 0; from < chunk.length; from += rate * pieceMs) {
          const piece = chunk.subarray(from, from + rate * pieceMs);
          line.put(piece, line.idleFromMs + piece.length / rate);
        }
      },
    }),
});
