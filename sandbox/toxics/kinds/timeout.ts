import { z } from 'zod';
import { defineToxic, milliseconds } from './kind.ts';

/**
 * Lets nothing through, and closes the connection after `timeout` milliseconds without data; 0 never closes (a black
 * hole). Removing it closes the connection: bytes are missing, so it cannot go on.
 */
export const timeout = defineToxic({
  type: 'timeout',
  attributes: z.object({ timeout: milliseconds }),
  stage({ timeout }, context) {
    let cancel: (() => void) | null = null;
    const wait = () => {
      cancel?.();
      cancel = timeout === 0 ? null : context.clock.after(timeout, () => context.close());
    };
    wait();
    return {
      write(chunk) {
        context.hit();
        context.dropped(chunk.length);
        wait();
      },
      end() {
        context.hit();
      },
      release() {
        cancel?.();
        context.close();
      },
      dispose() {
        cancel?.();
      },
    };
  },
});
