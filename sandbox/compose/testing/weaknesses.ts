/** Rules for every container, whatever it runs. */
import type { ComposeFile } from '../compose-file.ts';

const jobs = ['secrets', 'roles', 'topics', 'schemas'];
/** Nothing in these images could ask. */
const silent = ['otel-collector', 'tempo'];
/** `rpk redpanda start` writes its configuration beside what the image brings, under the image's account. */
const writesItsImage = ['broker'];

/** The owner of the engine's socket, whose group is another on each machine; it has no capabilities and no other network. */
const ownsTheSocket = ['docker-proxy'];

/** One sentence per rule that a container breaks. */
export function weaknesses({ services }: ComposeFile): string[] {
  return Object.entries(services).flatMap(([name, container]) => {
    const found: string[] = [];
    const demand = (holds: boolean, what: string) => {
      if (!holds) found.push(`${name} ${what}`);
    };
    demand(/:(?!latest$)[\w.-]+$/.test(container.image), 'has no pinned image');
    demand(container.cap_drop?.includes('ALL') === true, 'keeps capabilities');
    demand(container.security_opt?.includes('no-new-privileges:true') === true, 'may gain privileges');
    demand(container.read_only === true || writesItsImage.includes(name), 'can write its root');
    const mayBeRoot = writesItsImage.includes(name) || ownsTheSocket.includes(name);
    demand(/^[1-9]\d*:\d+$/.test(container.user ?? '') || mayBeRoot, 'may run as root');
    demand(/^\d+m$/.test(container.mem_limit ?? '') && container.cpus > 0, 'has no limits');
    demand(container.pids_limit > 0, 'has no limit of processes');
    demand(container.healthcheck !== undefined || [...jobs, ...silent].includes(name), 'has no health check');
    for (const port of container.ports ?? []) demand(port.startsWith('127.0.0.1:'), `publishes ${port} to everybody`);
    for (const [other, { condition }] of Object.entries(container.depends_on ?? {})) {
      const target = services[other];
      demand(target !== undefined, `waits for ${other}, which is nowhere`);
      demand(condition !== 'service_healthy' || target?.healthcheck !== undefined, `waits for the health of ${other}`);
      demand(
        condition !== 'service_completed_successfully' || jobs.includes(other),
        `waits for the end of ${other}, which goes on`,
      );
      const profiles = container.profiles ?? [];
      const together =
        target?.profiles === undefined ||
        (profiles.length > 0 && profiles.every((profile) => target.profiles?.includes(profile)));
      demand(together, `waits for ${other}, which its profiles may leave out`);
    }
    return found;
  });
}
