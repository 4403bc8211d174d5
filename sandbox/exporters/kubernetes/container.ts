/** What the containers of Deployments and Jobs share. */
import type { PlannedService } from '../plan.ts';
import { secretFolder, secretName } from './secrets.ts';
import { containerSecurity } from './security-context.ts';

/** As the supervisor starts every Node process of ours (sandbox/supervisor/launchers/node.ts). */
const commonFlags = ['--disable-warning=ExperimentalWarning'];

export const imageBasics = (image: string) => ({
  image,
  imagePullPolicy: 'Always',
  command: ['/nodejs/bin/node'],
  workingDir: '/app',
  securityContext: containerSecurity,
});

export function nodeArgs(flags: readonly string[], entry: string, ...rest: string[]): string[] {
  return [...commonFlags, ...flags, entry, ...rest];
}

/** The root file system is read-only: what a process writes goes to /tmp. */
export const scratch = {
  mount: { name: 'tmp', mountPath: '/tmp' },
  volume: { name: 'tmp', emptyDir: { sizeLimit: '128Mi' } },
};

export function credentials(service: PlannedService, files: readonly string[]) {
  if (files.length === 0) return { mounts: [], volumes: [] };
  return {
    mounts: [{ name: 'credentials', mountPath: secretFolder, readOnly: true }],
    volumes: [
      {
        name: 'credentials',
        secret: {
          secretName: secretName(service),
          defaultMode: 0o440,
          items: files.map((file) => ({ key: file, path: file })),
        },
      },
    ],
  };
}
