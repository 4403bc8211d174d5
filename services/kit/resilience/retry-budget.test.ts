import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRetryBudget, defaultBudget } from './retry-budget.ts';

test('a quiet caller may retry, a failing crowd may not', () => {
  const budget = createRetryBudget();
  for (let n = 0; n < 10; n += 1) expect(budget.withdraw()).toBe(true);
  expect(budget.withdraw()).toBe(false);
  for (let n = 0; n < 5; n += 1) budget.deposit();
  expect(budget.withdraw()).toBe(true);
  expect(budget.withdraw()).toBe(false);
  expect(budget.view()).toMatchObject({ retried: 11, refused: 2 });
});

test('R3: over any run of calls, retries stay within a fifth of them and the reserve', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (steps) => {
      const budget = createRetryBudget();
      let calls = 0;
      let retries = 0;
      for (const isCall of steps) {
        if (isCall) {
          budget.deposit();
          calls += 1;
        } else if (budget.withdraw()) retries += 1;
        expect(retries).toBeLessThanOrEqual(defaultBudget.reserve + defaultBudget.perCall * calls + 1e-6);
      }
    }),
  );
});
