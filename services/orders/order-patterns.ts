import type { Patterns } from '#kit/control/patterns.ts';

/** The patterns that orders alone has; what it shares with others is declared by the kit. */
export function declareOrderPatterns(patterns: Patterns): void {
  patterns.declare('idempotency-key', {
    description: 'Gives a repeated POST /orders the answer of the first, so that a retry places nothing twice.',
    threatens: ['S6'],
  });
}
