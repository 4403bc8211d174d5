import { images } from '../../../compose/images.ts';
import { storePorts } from '../../stores.ts';
import { secretFolder } from '../secrets.ts';
import { userId } from '../security-context.ts';
import { exec, storeProbes } from './probes.ts';
import type { Store } from './store.ts';

/** Counts of the rate limit survive a restart of the pod; whatever is lost is counted anew. */
export const valkey: Store = {
  name: 'valkey',
  component: 'cache',
  image: images.valkey,
  account: userId,
  ports: { valkey: storePorts.valkey },
  container: {
    command: ['valkey-server'],
    args: [
      ...['--dir', '/data', '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--maxmemory', '96mb', '--maxmemory-policy', 'allkeys-lru'],
      ...['--aclfile', `${secretFolder}/users.acl`],
    ],
  },
  // A stranger may ask for a PONG, and nothing else (EXPORT-REPORT.md has the access list).
  probes: storeProbes(exec('/bin/sh', '-c', 'valkey-cli ping | grep -q PONG'), 'valkey'),
  resources: {
    requests: { cpu: '50m', memory: '192Mi', 'ephemeral-storage': '64Mi' },
    limits: { cpu: '500m', memory: '192Mi', 'ephemeral-storage': '128Mi' },
  },
  data: { mountPath: '/data', storage: '1Gi' },
  scratch: { tmp: '/tmp' },
  secretFiles: [{ key: 'users.acl', path: 'users.acl' }],
};
