/** What Docker must be able to do before anything is started, checked in the order in which a person would mend it. */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { docker, lastLine } from './docker.ts';

/** `volume.subpath` (one folder of secrets per container) came with Engine 26, to Compose shortly after. */
export const leastEngine = '26.0.0';
export const leastCompose = '2.26.0';
/** The limits of all containers come to 11 GiB; few of them are at theirs. An estimate, not a measurement. */
export const leastMemoryGiB = 6;

const Info = z.object({ ServerVersion: z.string(), MemTotal: z.number() });

/** Throws `unavailable` that says what is missing, which version there is, and what to do. */
export async function assertDockerSuffices(): Promise<void> {
  const info = await docker(['info', '--format', '{{json .}}']);
  const described = Info.safeParse(parseOrNull(info.out));
  if (info.code !== 0 || !described.success || described.data.ServerVersion === '') {
    throw new AppError('unavailable', `the Docker daemon does not answer: start it and try again (${lastLine(info)})`);
  }
  const { ServerVersion, MemTotal } = described.data;
  if (isOlder(ServerVersion, leastEngine)) {
    throw new AppError('unavailable', `Docker Engine ${ServerVersion} is too old: ${leastEngine} or newer is needed`);
  }
  const plugin = await docker(['compose', 'version', '--short']);
  if (plugin.code !== 0) {
    throw new AppError(
      'unavailable',
      `docker has no \`compose\`: install the Compose plugin, ${leastCompose} or newer (docker-compose 1.x will not do)`,
    );
  }
  if (isOlder(plugin.out, leastCompose)) {
    throw new AppError(
      'unavailable',
      `Docker Compose ${plugin.out.trim()} is too old: ${leastCompose} or newer is needed`,
    );
  }
  const gibibytes = MemTotal / 2 ** 30;
  if (gibibytes < leastMemoryGiB) {
    throw new AppError(
      'unavailable',
      `Docker may use ${gibibytes.toFixed(1)} GiB of memory and needs ${leastMemoryGiB}: give it more (Docker Desktop: Settings, Resources), or run \`npm start\`, which needs 1.5`,
    );
  }
}

/** True when a version such as `v2.24.1-desktop.1` is below another; what cannot be read passes, as a build of one's own. */
export function isOlder(version: string, least: string): boolean {
  const numbers = (text: string) =>
    /(\d+)\.(\d+)(?:\.(\d+))?/
      .exec(text)
      ?.slice(1, 4)
      .map((part) => Number(part ?? 0));
  const [found, needed] = [numbers(version), numbers(least)];
  if (found === undefined || needed === undefined) return false;
  const differs = found.findIndex((part, index) => part !== needed[index]);
  return differs >= 0 && (found[differs] ?? 0) < (needed[differs] ?? 0);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
