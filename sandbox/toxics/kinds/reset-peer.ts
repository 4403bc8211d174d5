import { z } from 'zod';
import { defineToxic, milliseconds } from './kind.ts';

/** Resets the connection (TCP RST) `timeout` milliseconds after the next byte; an idle connection is left alone. */
export const resetPeer = defineToxic({
  type: 'reset_peer',
  attributes: z.object({ timeout: milliseconds }),
  stage({ timeout }, context) {
    let cancel: (() => void) | null = null;
    const reset = () => {
      context.hit();
      context.reset();
    };
    return {
      write(chunk) {
        context.dropped(chunk.length);
        if (timeout === 0) reset();
        else cancel ??= context.clock.after(timeout, reset);
      },
      end: () => context.end(),
      release() {
        if (cancel === null) return;
        cancel();
        reset();
      },
      dispose: () => cancel?.(),
    };
  },
});
