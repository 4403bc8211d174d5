/** The state directory: every file that the sandbox keeps, by name. */
import { chmod, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this code runs from. */
export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export type Home = {
  directory: string;
  state: string;
  pids: string;
  lock: string;
  launch: string;
  /** There while containers of the fleet, or volumes that `down` left of them, exist. */
  containers: string;
  secrets: string;
  /** Proxies that toxics begins with. */
  proxies: string;
  /** Faults that were injected, for the next run to show and to know. */
  chaos: string;
  logs: string;
  compileCache: string;
};

/** Paths below the state directory: `ORRERY_HOME`, else `.orrery` in the checkout. */
export function homeFiles(directory = process.env.ORRERY_HOME ?? path.join(repository, '.orrery')): Home {
  const root = path.resolve(directory);
  return {
    directory: root,
    state: path.join(root, 'state.json'),
    pids: path.join(root, 'pids.json'),
    lock: path.join(root, 'supervisor.lock'),
    launch: path.join(root, 'launch.json'),
    containers: path.join(root, 'containers.json'),
    secrets: path.join(root, 'secrets.json'),
    proxies: path.join(root, 'proxies.json'),
    chaos: path.join(root, 'chaos.json'),
    logs: path.join(root, 'logs'),
    compileCache: path.join(root, 'cache/compile'),
  };
}

export async function ensureHome(home: Home): Promise<void> {
  await mkdir(home.directory, { recursive: true, mode: 0o700 });
  // Passing through may be allowed (postgres/place.ts needs it under root), reading and writing never.
  const { mode } = await stat(home.directory);
  if ((mode & 0o066) !== 0) await chmod(home.directory, mode & 0o711);
  await mkdir(home.logs, { recursive: true, mode: 0o700 });
  await mkdir(home.compileCache, { recursive: true, mode: 0o700 });
}

/** Replaces a JSON file as a whole, so that a reader never sees half of it. Mode 0600. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}
