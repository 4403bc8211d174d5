import { z } from 'zod';
import { delaying } from './delay-line.ts';
import { bytes, defineToxic } from './kind.ts';

/** Cuts data into pieces of `average_size` ± `size_variation` bytes, `delay` microseconds apart. */
export const slicer = defineToxic({
  type: 'slicer',
  attributes: z
    .object({
      average_size: bytes.min(1, 'must be at least 1 byte'),
      size_variation: bytes.default(0),
      delay: z.int().min(0).max(60_000_000).default(0),
    })
    .refine((attributes) => attributes.size_variation < attributes.average_size, {
      path: ['size_variation'],
      message: 'must be less than average_size',
    }),
  stage: ({ average_size, size_variation, delay }, context) =>
    delaying(context, {
      write(chunk, line) {
        context.hit();
        let from = 0;
        while (from < chunk.length) {
          const size = average_size + Math.round(size_variation * (context.random() * 2 - 1));
          const piece = chunk.subarray(from, from + Math.max(1, size));
          from += piece.length;
          line.put(piece, line.idleFromMs);
          if (from < chunk.length) line.pauseFor(delay / 1000);
        }
      },
    }),
});
