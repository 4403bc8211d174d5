/** Decides whether the console must be built, from the content of everything that goes into it. */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Folders and files that `next build` reads. */
const inputs = [
  'app',
  'components',
  'contracts',
  'public',
  'package-lock.json',
  'next.config.js',
  'postcss.config.mjs',
  'tsconfig.next.json',
  'proxy.ts',
  'instrumentation.ts',
];

const stampName = 'orrery-inputs';

/** Name of the build folder, as next.config.js has it. */
export function buildFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.ORRERY_NEXT_DIST ?? '.next';
}

/** Hash over the paths and bytes of all inputs; tests and stories beside the code do not count. */
export async function hashInputs(directory: string): Promise<string> {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of await filesBelow(path.join(directory, input))) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash.update(`${path.relative(directory, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

/** True when the build folder holds a build of exactly these inputs. */
export async function isBuilt(directory: string, hash: string): Promise<boolean> {
  const folder = path.join(directory, buildFolder());
  const stamp = await readFile(path.join(folder, stampName), 'utf8').catch(() => '');
  const id = await readFile(path.join(folder, 'BUILD_ID'), 'utf8').catch(() => '');
  return id !== '' && stamp === `${hash} ${id}`;
}

/** Notes what the build in the folder was made of. */
export async function stampBuild(directory: string, hash: string): Promise<void> {
  const folder = path.join(directory, buildFolder());
  const id = await readFile(path.join(folder, 'BUILD_ID'), 'utf8');
  await writeFile(path.join(folder, stampName), `${hash} ${id}`);
}

async function filesBelow(target: string): Promise<string[]> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOTDIR') return null;
      return [];
    },
  );
  if (entries === null) return [target];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}
