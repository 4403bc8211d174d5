/** What containers have in common, as the Compose Specification spells it. */
import { secretFolder, secretSubpath } from './secret-files.ts';

export type Condition = 'service_healthy' | 'service_started' | 'service_completed_successfully';

export type Healthcheck = {
  test: string[];
  interval: string;
  timeout: string;
  retries: number;
  start_period: string;
  start_interval: string;
};

export type Mount =
  | { type: 'bind'; source: string; target: string; read_only: true; bind: { create_host_path: false } }
  | {
      type: 'volume';
      source: string;
      target: string;
      read_only?: true;
      volume?: { nocopy?: true; subpath?: string };
    };

export type Container = {
  image: string;
  build?: object;
  profiles?: string[];
  command?: string[];
  entrypoint?: string[];
  user?: string;
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: Mount[];
  networks?: string[];
  tmpfs?: string[];
  depends_on?: Record<string, { condition: Condition }>;
  healthcheck?: Healthcheck;
  restart: 'unless-stopped' | 'on-failure:5';
  read_only?: true;
  init?: true;
  cap_drop: ['ALL'];
  security_opt: ['no-new-privileges:true'];
  stop_grace_period?: string;
  mem_limit: string;
  cpus: number;
  pids_limit: number;
  logging?: object;
};

/** Nothing can be gained by whoever breaks in: no capability, no new privilege, no write outside of what is mounted. */
export const confined = {
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
} as const satisfies Partial<Container>;

/** Quick while it starts, calm afterwards. */
export function healthcheck(test: string[], startPeriod = '60s'): Healthcheck {
  return { test, interval: '10s', timeout: '3s', retries: 3, start_period: startPeriod, start_interval: '1s' };
}

/** A port of the container on this machine's loopback, and on nothing else. */
export function publish(port: number, target = port): string {
  return `127.0.0.1:${port}:${target}`;
}

/** A file or folder of the checkout, relative to compose/. A path that is missing is an error and not a new folder. */
export function config(source: string, target: string): Mount {
  return { type: 'bind', source, target, read_only: true, bind: { create_host_path: false } };
}

/** The secrets of one process, and of no other. */
export function ownSecrets(process: string): Mount {
  return {
    type: 'volume',
    source: 'secrets',
    target: secretFolder,
    read_only: true,
    volume: { nocopy: true, subpath: secretSubpath(process) },
  };
}

export const secretsWritten = { secrets: { condition: 'service_completed_successfully' } } as const;
