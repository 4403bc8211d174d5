import type { Patterns } from '#kit/control/patterns.ts';

/** The pattern that billing alone has; what it shares with others is declared by the kit. */
export function declareBillingPatterns(patterns: Patterns): void {
  patterns.declare('idempotency-key', {
    description: 'Asks the provider for the charge of an order under one key, so that another try is the same charge.',
    threatens: ['S3', 'L4'],
  });
}
