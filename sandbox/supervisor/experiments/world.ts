import type { ExperimentWorld } from '../../experiments/world.ts';
import type { Credentials } from '../../load/token-source.ts';
import type { SandboxChaos } from '../chaos/chaos.ts';
import { allPatterns, type ControlChannel, switchPattern } from '../control/control-channel.ts';
import type { LoadControl } from '../load/load-control.ts';
import type { Processes } from '../processes.ts';
import { createAuditorClient } from './auditor-client.ts';
import { replayParked } from './replay-parked.ts';
import { worstOrders } from './worst-orders.ts';

export type ExperimentWorldOptions = {
  chaos: SandboxChaos;
  load: LoadControl;
  runner: Processes;
  channel: ControlChannel;
  auditorToken: string;
  urlOf(process: string): string;
  credentials: Credentials;
};

/** The running sandbox as an experiment reaches it. */
export function createExperimentWorld(options: ExperimentWorldOptions): ExperimentWorld {
  const { chaos, load, runner, channel, urlOf, credentials } = options;
  const auditor = createAuditorClient({ url: () => urlOf('auditor'), token: options.auditorToken });
  const runs = (service: string) => runner.find(service).status().state === 'running';
  return {
    chaos,
    load,
    processes: () => runner.processes.map((process) => process.status()),
    startProcess: (name) => void runner.act(name, 'start'),
    // A process that is frozen would hold up the answer of all others until its deadline.
    patterns: () => allPatterns({ ...channel, services: channel.services.filter(runs) }),
    switchPattern: (pattern, enabled) => switchPattern(channel, pattern, enabled),
    replayParked: (service) => replayParked(channel, service),
    board: auditor.board,
    startFinal: auditor.startFinal,
    final: auditor.final,
    worstOrders: (run, most) =>
      worstOrders(run, most, { gateway: urlOf('gateway'), identity: urlOf('identity') }, credentials),
  };
}
