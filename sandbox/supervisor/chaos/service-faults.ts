/** Faults inside the services, over their control channels: agents and failpoints. */
import { FailpointStatus } from '#contracts/sandbox/control-channel.ts';
import { AgentStatus } from '#contracts/sandbox/fault-agent.ts';
import type { World } from '#sandbox/chaos/world.ts';
import { type ControlChannel, callChannel } from '../control/control-channel.ts';

export type ServiceFaults = Pick<World, 'agents' | 'failpoints'>;

export function createServiceFaults(channel: ControlChannel): ServiceFaults {
  const failpoint = (name: string) => `failpoints/${encodeURIComponent(name)}`;
  return {
    agents: {
      async arm(service, id, order) {
        await callChannel(channel, service, 'PUT', `faults/${id}`, order);
      },
      async disarm(service, id) {
        await callChannel(channel, service, 'DELETE', `faults/${id}`);
      },
      async read(service, id) {
        const list = AgentStatus.array().parse(await callChannel(channel, service, 'GET', 'faults'));
        return list.find((status) => status.id === id) ?? null;
      },
    },
    failpoints: {
      arm: async (service, name, order) =>
        FailpointStatus.parse(await callChannel(channel, service, 'PUT', failpoint(name), order)),
      async disarm(service, name) {
        await callChannel(channel, service, 'DELETE', failpoint(name));
      },
      async read(service, name) {
        const list = await callChannel(channel, service, 'GET', 'failpoints').catch(() => null);
        const known = FailpointStatus.array().safeParse(list);
        return known.data?.find((status) => status.failpoint === name) ?? null;
      },
    },
  };
}
