import { z } from 'zod';
import { LoadRate } from '#contracts/sandbox/load.ts';

/** What the supervisor asks of a running load process. */
export const LoadWish = z.discriminatedUnion('type', [
  z.object({ type: z.literal('rate'), ratePerSecond: LoadRate }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('abandon') }),
]);
export type LoadWish = z.infer<typeof LoadWish>;
