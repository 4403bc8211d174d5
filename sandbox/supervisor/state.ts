/** What state.json and launch.json say, made from the fleet as it is. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SandboxState } from '#contracts/sandbox/control.ts';
import { type Addresses, hostPort, httpUrl } from './addresses.ts';
import type { Home } from './home.ts';
import type { RunProcess } from './processes.ts';

/** `launch.json`, 0600: what opens the console and the control API. */
export const Launch = z.object({
  pid: z.int().describe('Supervisor that wrote this'),
  consoleLaunch: z.string().describe('URL that signs the browser in'),
  controlUrl: z.string(),
  controlToken: z.string(),
  telemetryToken: z.string(),
  auditorToken: z.string(),
  cliClientSecret: z.string().describe('Secret of the OIDC client `cli`'),
});
export type Launch = z.infer<typeof Launch>;

export function describeState(context: {
  home: Home;
  startedAt: Date;
  ready: boolean;
  addresses: Addresses;
  processes: readonly RunProcess[];
}): SandboxState {
  const { addresses } = context;
  const url = (name: string) => httpUrl(addresses.ofProcess(name));
  return {
    version: 1,
    startedAt: context.startedAt.toISOString(),
    home: context.home.directory,
    ready: context.ready,
    supervisor: { pid: process.pid },
    endpoints: {
      console: url('console'),
      gateway: url('gateway'),
      identity: url('identity'),
      kafka: hostPort(addresses.ofProcess('broker')),
      otlpHttp: url('telemetry'),
      telemetry: url('telemetry'),
      auditor: url('auditor'),
      postgres: hostPort(addresses.ofProcess('postgres')),
      pricingGrpc: hostPort(addresses.ofProcess('pricing', 'grpc')),
      control: url('supervisor'),
    },
    processes: Object.fromEntries(
      context.processes.map((managed) => {
        const { pid, state, ports } = managed.status();
        return [managed.name, { pid, state, ports, port: Object.values(ports)[0] ?? null }];
      }),
    ),
  };
}

export function readState(home: Home): Promise<SandboxState | null> {
  return readFileAs(home.state, SandboxState);
}

export function readLaunch(home: Home): Promise<Launch | null> {
  return readFileAs(home.launch, Launch);
}

async function readFileAs<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
