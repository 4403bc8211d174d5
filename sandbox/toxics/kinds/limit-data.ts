import { z } from 'zod';
import { bytes, defineToxic } from './kind.ts';

/** Closes the connection once `bytes` bytes have passed. */
export const limitData = defineToxic({
  type: 'limit_data',
  attributes: z.object({ bytes: bytes.default(0) }),
  stage({ bytes }, context) {
    let left = bytes;
    return {
      write(chunk) {
        const passing = chunk.subarray(0, left);
        left -= passing.length;
        if (passing.length > 0) context.emit(passing);
        if (passing.length < chunk.length) context.dropped(chunk.length - passing.length);
        if (left > 0) return;
        context.hit();
        context.close();
      },
      end: () => context.end(),
      release() {},
      dispose() {},
    };
  },
});
