import { createRequire } from 'node:module';

/** What the processes call their own version. */
export function packageVersion(): string {
  return (createRequire(import.meta.url)('../../package.json') as { version: string }).version;
}
