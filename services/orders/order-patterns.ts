import type { Patterns } from '#kit/control/patterns.ts';
import { createFallback, type Fallback } from '#kit/resilience/fallback.ts';

/** The patterns that orders alone has; what it shares with others is declared by the kit. */
export function declareOrderPatterns(patterns: Patterns): void {
  patterns.declare('idempotency-key', {
    description: 'Gives a repeated POST /orders the answer of the first, so that a retry places nothing twice.',
    threatens: ['S6'],
  });
}

/** The rule that screens orders while the model does not answer. */
export function screeningFallback(patterns: Patterns): Fallback {
  return createFallback(patterns, {
    name: 'fraud score',
    description: 'Lets a simple rule screen the order when the fraud model does not answer, so that orders go on.',
  });
}
