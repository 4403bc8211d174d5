import { initTRPC, tracked } from '@trpc/server';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { Context } from './context.ts';
import { toTrpcError } from './errors.ts';
import { shutdownSignal } from './shutdown.ts';

const t = initTRPC.context<Context>().create({
  isDev: false,
  sse: {
    // A silent upstream still proves that the connection lives; the client gives up on it after 10 s.
    ping: { enabled: true, intervalMs: 3000 },
    client: { reconnectAfterInactivityMs: 10_000 },
  },
  errorFormatter({ shape, error }) {
    return { ...shape, message: toTrpcError(error).message, data: { code: shape.data.code, path: shape.data.path } };
  },
});

const translateErrors = t.middleware(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw toTrpcError(result.error);
  return result;
});

export const router = t.router;
export const procedure = t.procedure.use(translateErrors);
export const createCaller = t.createCallerFactory;

/** Input of a subscription: the browser sends the last id it saw after a drop. Extend it with the view's own filter. */
export const Resumable = z.object({ lastEventId: z.string().nullish() });

/**
 * Ends a subscription quietly when the reader leaves, and turns what its source throws into a TRPCError. The codes
 * 5xx make the browser reconnect.
 */
export async function* live<T>(
  signal: AbortSignal | undefined,
  source: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const stopping = shutdownSignal();
  const until = signal ? AbortSignal.any([signal, stopping]) : stopping;
  try {
    yield* source(until);
  } catch (error) {
    if (!until.aborted) throw toTrpcError(error);
  }
  // Ending quietly would tell the browser that there is nothing more to come.
  if (stopping.aborted) throw toTrpcError(new AppError('unavailable', 'the console is stopping'));
}

export { tracked };
