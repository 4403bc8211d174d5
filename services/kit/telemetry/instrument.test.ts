import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const kit = (file: string) => JSON.stringify(fileURLToPath(new URL(`../${file}`, import.meta.url)));

/** Patches are process-wide, so each order of imports gets a process of its own. */
function isHttpPatched(...files: string[]): boolean {
  const code = `
    for (const file of [${files.map(kit).join(',')}]) await import(file);
    const http = process.getBuiltinModule('module').createRequire(${kit('telemetry/instrument.ts')})('http');
    console.log(http.Server.prototype.emit.__wrapped === true);`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).trim() === 'true';
}

test('http is patched whether gRPC or the HTTP server is imported first', () => {
  expect(isHttpPatched('grpc/client.ts', 'http/server.ts')).toBe(true);
  expect(isHttpPatched('http/server.ts', 'grpc/client.ts')).toBe(true);
});
