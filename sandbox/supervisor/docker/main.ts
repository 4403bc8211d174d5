/** The supervisor under docker compose, as a process of its own in a container. One JSON object per line on stdout. */
import { stdout } from 'node:process';
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { containerNetwork } from '../../compose/addresses.ts';
import { fleet } from '../../topology.ts';
import { homeFiles } from '../home.ts';
import { createEngine } from './engine.ts';
import { superviseContainers } from './supervise-containers.ts';

const Env = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: z.coerce.number().int().min(1).max(65_535),
  ALLOWED_HOSTS: z.string().default('').describe('Host names besides loopback, comma-separated'),
  ORRERY_HOME: z.string().min(1),
  COMPOSE_PROJECT: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, 'is no name of a compose project'),
  DOCKER_URL: z.url().describe('The proxy before the Docker Engine'),
  CONTROL_TOKEN: z.string().min(8),
  TELEMETRY_TOKEN: z.string().min(8),
  AUDITOR_TOKEN: z.string().min(8),
  AGENT_TOKEN: z.string().min(8),
  IDENTITY_CLIENT_SECRET: z.string().min(8).describe('Of the OIDC client `cli`, for load'),
});

/** The environment, parsed once. Throws `invalid_argument` that names the variables that are wrong. */
export function readEnv(env: NodeJS.ProcessEnv): z.infer<typeof Env> {
  const parsed = Env.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_argument', `environment: ${wrong.join('; ')}`);
}

function log(level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown> = {}): void {
  const line = { timestamp: new Date().toISOString(), level, service: 'supervisor', message, ...fields };
  stdout.write(`${JSON.stringify(line)}\n`);
}

if (import.meta.main) {
  const env = readEnv(process.env);
  const unexpected: readonly string[] = ['backoff', 'crash-loop', 'failed'];
  const supervisor = await superviseContainers({
    fleet,
    project: env.COMPOSE_PROJECT,
    home: homeFiles(env.ORRERY_HOME),
    environment: process.env,
    engine: createEngine(env.DOCKER_URL),
    network: containerNetwork(fleet),
    tokens: {
      control: env.CONTROL_TOKEN,
      telemetry: env.TELEMETRY_TOKEN,
      auditor: env.AUDITOR_TOKEN,
      agent: env.AGENT_TOKEN,
      cliClient: env.IDENTITY_CLIENT_SECRET,
    },
    listening: { host: env.HOST, port: env.PORT, hosts: env.ALLOWED_HOSTS.split(',').filter(Boolean) },
    onChange: ({ name, state, reason, lastExit }) =>
      log(unexpected.includes(state) ? 'error' : 'info', 'process changed', { process: name, state, reason, lastExit }),
    onNotice: (message) => log('warn', message),
  });
  log('info', 'started', { project: env.COMPOSE_PROJECT, port: env.PORT });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log('info', 'stopping', { signal });
      void supervisor.stop().then(() => process.exit(0));
    });
  }
}
