import { expect, test } from 'vitest';
import { signInCommand, signInPage } from './pages.ts';

test('a browser without a session is told the command of its world', () => {
  expect(signInCommand(false)).toBe('npm run orrery -- status');
  expect(signInCommand(true)).toMatch(/^docker compose -f compose\/compose\.yaml exec console .*CONSOLE_LAUNCH_TOKEN/);
  expect(signInPage()).toContain('<code>npm run orrery -- status</code>');
});
