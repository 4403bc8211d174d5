/** Everything that is offered over the processes, whatever runs them: load, chaos, experiments, the control API. */
import type { ProcessStatus, SandboxState } from '#contracts/sandbox/control.ts';
import type { World } from '../chaos/world.ts';
import { type Fleet, publicTopology } from '../fleet.ts';
import { type Addresses, httpUrl } from './addresses.ts';
import { startChaos } from './chaos/chaos.ts';
import { createFaultTeller, type FaultTeller } from './chaos/fault-teller.ts';
import type { ControlChannel } from './control/control-channel.ts';
import { type Listening, startControlServer } from './control/server.ts';
import type { Detours } from './detours.ts';
import { createExperimentControl } from './experiments/experiment-control.ts';
import { createExperimentWorld } from './experiments/world.ts';
import type { Home } from './home.ts';
import { createLoadControl } from './load/load-control.ts';
import type { Freezer, Processes } from './processes.ts';

export type ControlRoomOptions = {
  fleet: Fleet;
  home: Home;
  environment: NodeJS.ProcessEnv;
  addresses: Addresses;
  edges: Detours['edges'];
  proxies: World['proxies'];
  runner: Processes;
  freezer: Freezer;
  /** What is different about faults here; see World. */
  notes: World['notes'];
  tokens: { control: string; telemetry: string; auditor: string; agent: string; cliClient: string };
  listening: Listening;
  state(): SandboxState;
  /** What `POST /v1/shutdown` does; throws `conflict` where it is not for us to end them. */
  shutdown(): void;
};

export type ControlRoom = {
  /** Sends a status to everyone who listens on the stream. */
  publish(status: ProcessStatus): void;
  /** The telemetry store has begun anew: it knows of no fault. */
  telemetryRestarted(): void;
  /** Ends experiments and load, forgets faults: what they are on ends now. */
  rest(): Promise<void>;
  close(): Promise<void>;
};

export async function openControlRoom(options: ControlRoomOptions): Promise<ControlRoom> {
  const { fleet, home, addresses, runner, tokens } = options;
  const urlOf = (process: string) => httpUrl(addresses.ofProcess(process));
  const credentials = { id: 'cli', secret: tokens.cliClient };
  const load = createLoadControl({
    home: home.directory,
    environment: () => ({
      PATH: options.environment.PATH ?? '',
      NODE_COMPILE_CACHE: home.compileCache,
      GATEWAY_URL: urlOf('gateway'),
      IDENTITY_URL: urlOf('identity'),
      IDENTITY_CLIENT_ID: credentials.id,
      IDENTITY_CLIENT_SECRET: credentials.secret,
    }),
  });
  const channel: ControlChannel = {
    services: fleet.processes.filter((process) => process.secrets.includes('AGENT_TOKEN')).map(({ name }) => name),
    // Straight to the process: a fault on an edge must not cut off the switch that ends it.
    urlOf: (service) => (runner.find(service).status().pid === null ? null : urlOf(service)),
    token: tokens.agent,
    touched: new Map(),
  };
  const chaos = await startChaos({ ...options, channel, load, file: home.chaos });
  let teller: FaultTeller | null = null;
  if (runner.processes.some(({ name }) => name === 'telemetry')) {
    teller = createFaultTeller({ url: urlOf('telemetry'), token: tokens.telemetry, windows: chaos.windows });
    chaos.listen(teller.changed);
  }
  const experiments = createExperimentControl({
    home: home.directory,
    world: createExperimentWorld({ chaos, load, runner, channel, auditorToken: tokens.auditor, urlOf, credentials }),
  });
  const control = await startControlServer({
    listening: options.listening,
    token: tokens.control,
    topology: publicTopology(fleet),
    runner,
    load,
    chaos,
    experiments,
    channel,
    state: options.state,
    shutdown: options.shutdown,
  });
  return {
    publish: control.publish,
    telemetryRestarted: () => teller?.restarted(),
    async rest() {
      experiments.close();
      await load.close();
      chaos.close();
      teller?.close();
    },
    async close() {
      await chaos.settle();
      await control.close();
    },
  };
}
