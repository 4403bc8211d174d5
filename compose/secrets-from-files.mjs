/**
 * Puts `X` into the environment for every `X_FILE` below /run/orrery, for programs that read variables only. Services
 * read such files by themselves (services/kit/env.ts). Preloaded: `node --import ./secrets-from-files.mjs …`.
 */
import { readFileSync } from 'node:fs';

for (const [name, file] of Object.entries(process.env)) {
  if (!name.endsWith('_FILE') || !file?.startsWith('/run/orrery/')) continue;
  process.env[name.slice(0, -'_FILE'.length)] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  delete process.env[name];
}
