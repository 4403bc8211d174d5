import type { Env } from './env.ts';
import { parseEnv } from './env.ts';
import { type AuditorSource, auditorSource } from './sources/auditor.ts';
import { type GatewaySource, gatewaySource } from './sources/gateway.ts';
import { type HistorySource, historySource } from './sources/history.ts';
import { type SupervisorSource, supervisorSource } from './sources/supervisor.ts';
import { type TelemetrySource, telemetrySource } from './sources/telemetry.ts';
import { type TokenSource, tokenSource } from './sources/token.ts';

/** What every procedure gets: the environment and one typed client per process that the console asks. */
export type Context = {
  env: Env;
  token: TokenSource;
  supervisor: SupervisorSource;
  history: HistorySource;
  gateway: GatewaySource;
  telemetry: TelemetrySource;
  auditor: AuditorSource;
};

export function createSources(env: Env): Context {
  const token = tokenSource({
    identityUrl: env.IDENTITY_URL,
    clientId: env.IDENTITY_CLIENT_ID,
    clientSecret: env.IDENTITY_CLIENT_SECRET,
  });
  const history = historySource({ url: env.HISTORY_URL, token });
  const gateway = gatewaySource({ url: env.GATEWAY_URL, token });
  return {
    env,
    token,
    supervisor: supervisorSource({ url: env.CONTROL_URL, token: env.CONTROL_TOKEN }),
    history,
    gateway,
    telemetry: telemetrySource({ url: env.TELEMETRY_URL, token: env.TELEMETRY_TOKEN }),
    auditor: auditorSource({ url: env.AUDITOR_URL, token: env.AUDITOR_TOKEN }),
  };
}

/**
 * The process's one context. Next has no main.ts to build it in, and `next build` evaluates this module without an
 * environment, so it is made on the first request and kept on globalThis (route bundles do not share modules).
 */
export function context(): Context {
  const holder = globalThis as { orreryConsoleContext?: Context };
  holder.orreryConsoleContext ??= createSources(parseEnv(process.env));
  return holder.orreryConsoleContext;
}
