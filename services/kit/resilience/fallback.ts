import { isAppError } from '#contracts/errors.ts';
import type { Patterns } from '../control/patterns.ts';

/** A second-best answer for when the best cannot be had. */
export type Fallback = {
  /** `best`'s answer, or `substitute`'s when that fails for any reason but that nobody waits for it any more. */
  run<T>(best: () => Promise<T>, substitute: (error: unknown) => T | Promise<T>): Promise<T>;
};

/** `name`: what is asked, as it is shown; `description`: what is answered instead, in one sentence. */
export function createFallback(
  patterns: Patterns,
  { name, description }: { name: string; description: string },
): Fallback {
  let best = 0;
  let substituted = 0;
  patterns.declare('fallback', { description, threatens: ['R4'] });
  patterns.observe('fallback', () => [{ name, facts: { best, substituted } }]);
  return {
    async run(ask, substitute) {
      try {
        const answer = await ask();
        best += 1;
        return answer;
      } catch (error) {
        if (!patterns.isOn('fallback') || isAppError(error, 'cancelled')) throw error;
        substituted += 1;
        return await substitute(error);
      }
    },
  };
}
