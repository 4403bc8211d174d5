/**
 * Retry budget (as in Finagle and Envoy): every first attempt earns a fraction of a retry, every retry spends one. When
 * a dependency fails for everybody, retries stay that fraction of the calls instead of multiplying them.
 */
export type RetryBudget = {
  /** Call once per first attempt. */
  deposit(): void;
  /** Takes one retry, if there is one left. */
  withdraw(): boolean;
  view(): { balance: number; retried: number; refused: number };
};

/** At most 1.2 attempts per call in the long run (invariant R3); `reserve` lets a quiet caller retry at all. */
export const defaultBudget = { perCall: 0.2, reserve: 10 };

export function createRetryBudget({ perCall, reserve } = defaultBudget): RetryBudget {
  let balance = reserve;
  let retried = 0;
  let refused = 0;
  return {
    deposit: () => {
      balance = Math.min(reserve, balance + perCall);
    },
    withdraw: () => {
      // Fractions add up a little short of a whole.
      if (balance < 1 - 1e-9) {
        refused += 1;
        return false;
      }
      balance -= 1;
      retried += 1;
      return true;
    },
    view: () => ({ balance, retried, refused }),
  };
}
