import { chmod, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Account, parsePasswd } from './account.ts';
import { linkLibraries, packageDirectory, prepareBinaries } from './binaries.ts';
import { apartFrom } from './place.ts';
import { parsePostmasterFile } from './postmaster.ts';
import { isReachable } from './reachable.ts';
import { serverArguments } from './settings.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'orrery-pg-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const stranger: Account = { name: 'stranger', uid: 54_321, gid: 54_321 };

test('reads the password file, macOS comments and negative ids included', () => {
  expect(parsePasswd('# comment\nroot:x:0:0::/root:/bin/sh\nnobody:*:-2:-2:x:/var/empty:/usr/bin/false\n')).toEqual([
    { name: 'root', uid: 0, gid: 0 },
    { name: 'nobody', uid: 4_294_967_294, gid: 4_294_967_294 },
  ]);
});

test('reads postmaster.pid, and takes an empty or foreign file for none', () => {
  const text = '4711\n/data\n1795345678\n5432\n\n127.0.0.1\n  1234  5\nready\n';
  expect(parsePostmasterFile(text)).toEqual({ pid: 4711, data: '/data', startedAtSeconds: 1795345678, port: 5432 });
  expect(parsePostmasterFile('')).toBeNull();
  expect(parsePostmasterFile('what is this\n/data\n1\n')).toBeNull();
});

test('durability is never traded for speed', () => {
  const args = serverArguments('/data', 5432);
  for (const setting of ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on', 'listen_addresses=127.0.0.1']) {
    expect(args).toContain(setting);
  }
});

test('a closed directory on the way makes a path unreachable for another account', async () => {
  const inner = path.join(directory, 'a/b');
  await mkdir(inner, { recursive: true });
  await chmod(directory, 0o711);
  expect(await isReachable(inner, stranger)).toBe(true);
  await chmod(path.join(directory, 'a'), 0o700);
  expect(await isReachable(inner, stranger)).toBe(false);
  expect(await isReachable(inner, null)).toBe(true);
});

test('each state directory has its own place outside', () => {
  expect(apartFrom('/root/a/.orrery')).not.toBe(apartFrom('/root/b/.orrery'));
  expect(apartFrom('/root/a/.orrery')).toMatch(/^\/var\/lib\/orrery\/[0-9a-f]{16}$/);
});

test('library links are made, by several starters at once too', async () => {
  await mkdir(path.join(directory, 'native/lib'), { recursive: true });
  const links = ['a', 'b', 'c'].map((name) => ({ source: `native/lib/${name}.so.1`, target: `native/lib/${name}.so` }));
  await Promise.all(Array.from({ length: 8 }, () => linkLibraries(directory, links)));
  expect(await readlink(path.join(directory, 'native/lib/a.so'))).toBe('a.so.1');
});

test('a package that the account cannot reach is copied once, whole, for several starters at once', async () => {
  const closed = path.join(directory, 'closed/package');
  const real = packageDirectory();
  await mkdir(path.join(closed, 'native/bin'), { recursive: true });
  await mkdir(path.join(closed, 'native/lib'), { recursive: true });
  await writeFile(path.join(closed, 'native/bin/postgres'), 'binary');
  await writeFile(path.join(closed, 'package.json'), '{"version":"18.0.0"}');
  await writeFile(
    path.join(closed, 'native/pg-symlinks.json'),
    await readFile(path.join(real, 'native/pg-symlinks.json'), 'utf8'),
  );
  await chmod(path.join(directory, 'closed'), 0o700);
  const copies = path.join(directory, 'copies');
  const made = await Promise.all(Array.from({ length: 4 }, () => prepareBinaries(closed, stranger, copies)));
  expect(new Set(made.map((binaries) => binaries.postgres)).size).toBe(1);
  expect(await readFile(made[0]?.postgres ?? '', 'utf8')).toBe('binary');
  expect(await readlink(path.join(copies, 'binaries-18.0.0/native/lib/libpq.so.5'))).toBe('libpq.so.5.18');
});
