import { z } from 'zod';

const Url = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

const Env = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  GATEWAY_URL: Url,
  IDENTITY_URL: Url,
  HISTORY_URL: Url,
  CONTROL_URL: Url,
  CONTROL_TOKEN: z.string().min(16),
  TELEMETRY_URL: Url,
  TELEMETRY_TOKEN: z.string().min(16),
  AUDITOR_URL: Url,
  AUDITOR_TOKEN: z.string().min(16),
  CONSOLE_LAUNCH_TOKEN: z.string().min(16),
  IDENTITY_CLIENT_ID: z.string().default('orrery-console'),
  IDENTITY_CLIENT_SECRET: z.string().min(1),
});
export type Env = z.infer<typeof Env>;

/** Parses the environment that the supervisor hands out. Throws an error that names every variable at fault. */
export function parseEnv(variables: Record<string, string | undefined>): Env {
  const result = Env.safeParse(variables);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The console's environment is incomplete. ${faults.join('; ')}. Start it with: npm start`);
}
