import { z } from 'zod';
import { cacheEnv, identityEnv, url } from '#kit/env.ts';

/** `rate/burst`: requests per second and how many may come at once, e.g. `20/40`. */
const limit = (text: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}\/[1-9]\d{0,5}$/, 'must be rate/burst, e.g. 20/40')
    .default(text)
    .transform((value) => {
      const [ratePerSecond, burst] = value.split('/').map(Number);
      return { ratePerSecond: ratePerSecond ?? 1, burst: burst ?? 1 };
    });

export const gatewayEnv = {
  ...identityEnv,
  ...cacheEnv,
  ORDERS_URL: url,
  HISTORY_URL: url,
  INVENTORY_URL: url,
  PRICING_URL: url,
  INFERENCE_URL: url,
  BILLING_URL: url,
  WORKERS_URL: url,
  RATE_LIMIT_ANONYMOUS: limit('20/40').describe('Per client address, requests without a token'),
  RATE_LIMIT_SHOPPER: limit('20/40').describe('Per subject'),
  RATE_LIMIT_OPERATOR: limit('300/600').describe('Per subject with a staff role, and per machine client'),
};
