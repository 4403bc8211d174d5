import { expect, test } from 'vitest';
import { parseEnv } from './env.ts';

const complete = {
  GATEWAY_URL: 'http://127.0.0.1:8080/',
  IDENTITY_URL: 'http://127.0.0.1:8090',
  HISTORY_URL: 'http://127.0.0.1:8108',
  CONTROL_URL: 'http://127.0.0.1:7070',
  CONTROL_TOKEN: 'c'.repeat(32),
  TELEMETRY_URL: 'http://127.0.0.1:4318',
  TELEMETRY_TOKEN: 't'.repeat(32),
  AUDITOR_URL: 'http://127.0.0.1:8109',
  AUDITOR_TOKEN: 'a'.repeat(32),
  CONSOLE_LAUNCH_TOKEN: 'l'.repeat(32),
  IDENTITY_CLIENT_SECRET: 's'.repeat(32),
};

test('fills in host and port and drops trailing slashes', () => {
  expect(parseEnv(complete)).toMatchObject({ HOST: '127.0.0.1', PORT: 3000, GATEWAY_URL: 'http://127.0.0.1:8080' });
});

test('names every variable at fault', () => {
  expect(() => parseEnv({ ...complete, CONTROL_TOKEN: undefined, GATEWAY_URL: 'gateway' })).toThrow(
    /GATEWAY_URL.*CONTROL_TOKEN/,
  );
});
