/** Valkey: counts of the rate limit and the price list, for all replicas. Nothing in it is missed when it is gone. */
import { createHash } from 'node:crypto';
import type { Secrets } from '../supervisor/secrets.ts';
import { type Container, confined, healthcheck, ownSecrets, secretsWritten } from './container.ts';
import { images } from './images.ts';
import { secretFile } from './secret-files.ts';

export const aclFile = 'users.acl';
const login = 'orrery';

/** What the services tell it (services/kit/valkey), on keys of theirs; a stranger learns whether it is there. */
const commands = 'ping client|setname script|load evalsha time get set pttl hmget hset pexpire';

/** Valkey's own format of logins, with the password as its hash. */
export function accessList({ cachePassword }: Pick<Secrets, 'cachePassword'>): string {
  return accessListOf(`#${createHash('sha256').update(cachePassword).digest('hex')}`);
}

/** `password` as the format has it: `#` and its SHA-256, or `>` and itself. */
export function accessListOf(password: string): string {
  const allowed = commands.split(' ').map((name) => `+${name}`);
  return [
    'user default on nopass resetkeys resetchannels -@all +ping',
    `user ${login} on ${password} ~orrery:* resetchannels -@all ${allowed.join(' ')}`,
    '',
  ].join('\n');
}

export function cacheUrl({ cachePassword }: Pick<Secrets, 'cachePassword'>): string {
  return `redis://${login}:${cachePassword}@valkey:6379`;
}

export function valkey(): Container {
  return {
    image: images.valkey,
    // The account `valkey` of the image.
    user: '999:999',
    command: [
      'valkey-server',
      ...['--save', '', '--appendonly', 'no', '--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'],
      ...['--aclfile', secretFile(aclFile)],
    ],
    volumes: [ownSecrets('valkey')],
    // The image declares a volume here; nothing is kept.
    tmpfs: ['/data:size=1m,mode=1777'],
    depends_on: { ...secretsWritten },
    healthcheck: healthcheck(['CMD-SHELL', 'valkey-cli ping | grep -q PONG']),
    restart: 'unless-stopped',
    ...confined,
    stop_grace_period: '5s',
    mem_limit: '128m',
    cpus: 1,
    pids_limit: 64,
  };
}
