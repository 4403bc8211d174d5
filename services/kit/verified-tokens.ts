import type { Principal } from './principal.ts';

/**
 * Tokens that were verified a moment ago: checking a signature costs 0.2 ms of CPU, and one caller sends the same token
 * with every request. Known by the whole token, so nothing that was not verified is ever found.
 */
export type VerifiedTokens = {
  find(token: string): Principal | undefined;
  add(principal: Principal, expiresAtMs: number): void;
};

/** A signing key that identity withdraws is obeyed after this time at the latest. */
const keptMs = 30_000;
/** Callers at the same time; beyond that the token verified longest ago is verified again. */
const limit = 1_000;

export function createVerifiedTokens(now: () => number): VerifiedTokens {
  const known = new Map<string, { principal: Principal; untilMs: number }>();
  return {
    find(token) {
      const entry = known.get(token);
      if (entry === undefined) return undefined;
      if (now() < entry.untilMs) return entry.principal;
      known.delete(token);
      return undefined;
    },
    add(principal, expiresAtMs) {
      known.delete(principal.token);
      known.set(principal.token, { principal, untilMs: Math.min(now() + keptMs, expiresAtMs) });
      if (known.size <= limit) return;
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    },
  };
}
