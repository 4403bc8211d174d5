import type { FleetProcess } from '../../fleet.ts';
import type { Addresses } from '../addresses.ts';
import type { Launcher } from '../launcher.ts';
import { loginsOf } from '../logins.ts';
import { probeHttp } from '../probes/http.ts';
import { probeKafka } from '../probes/kafka.ts';
import type { Secrets } from '../secrets.ts';
import { consoleLauncher } from './console.ts';
import { nodeLauncher } from './node.ts';
import { postgresLauncher } from './postgres.ts';

export type LauncherContext = {
  addresses: Addresses;
  secrets: Secrets;
  home: string;
  /** Where entries are resolved: the checkout. */
  directory: string;
  dev: boolean;
  environment(process: FleetProcess, instance: string): Record<string, string>;
};

/** The launcher that a process's description asks for. */
export function launcherFor(process: FleetProcess, context: LauncherContext): Launcher {
  const { addresses, secrets, directory, dev } = context;
  const { launch, readiness } = process;
  const { port } = addresses.ofProcess(process.name);
  const environment = (instance: string) => context.environment(process, instance);
  const probe = (signal: AbortSignal) => {
    const address = addresses.ofProcess(process.name, readiness.port);
    return readiness.type === 'kafka'
      ? probeKafka(address, signal)
      : probeHttp(address, readiness.type === 'http' ? readiness.path : '/', signal);
  };
  switch (launch.type) {
    case 'postgres':
      return postgresLauncher({
        home: context.home,
        port,
        superuserPassword: secrets.postgresSuperuser,
        logins: loginsOf(secrets),
      });
    case 'console':
      return consoleLauncher({ directory, port, dev, environment, probe });
    case 'node':
      return nodeLauncher({ directory, entry: launch.entry, flags: process.nodeFlags, environment, probe });
  }
}
