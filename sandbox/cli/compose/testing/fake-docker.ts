/** A `docker` that answers as it is told, first in the PATH of a command line that runs as a process of its own. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { secretFolder } from '../../../compose/secret-files.ts';
import { processEnv } from '../../../process-env.ts';
import { repository } from '../../../supervisor/home.ts';

export type Answer = { code?: number; out?: string; err?: string };

/** By the first words of the arguments. Of several answers each call takes the next; the last one stays. */
export type Answers = Record<string, Answer | readonly Answer[]>;

export type FakeDocker = {
  /** State directory of the command line. */
  home: string;
  answer(answers: Answers | null): void;
  /** What `docker compose exec` finds in a container, by its service and the name of the file. A service without is not running. */
  secrets(byService: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  /** One line per call so far: its first words, and all of them as JSON. */
  called(): string;
  /** Runs `orrery …`. */
  orrery(...args: string[]): Promise<{ code: number | null; out: string; err: string }>;
  remove(): void;
};

/** Null for a machine without docker. */
export function fakeDocker(answers: Answers | null): FakeDocker {
  const folder = mkdtempSync(path.join(tmpdir(), 'orrery-fake-docker-'));
  const file = (name: string) => path.join(folder, name);
  const write = (name: string, content: unknown) => writeFileSync(file(name), JSON.stringify(content));
  const program = path.join(folder, 'bin/docker');
  mkdirSync(path.join(folder, 'bin'));
  write('bin/package.json', { type: 'commonjs' });
  write('secrets.json', {});
  const fake: FakeDocker = {
    home: file('home'),
    answer(next) {
      rmSync(program, { force: true });
      if (next === null) return;
      write('answers.json', next);
      writeFileSync(program, `#!${process.execPath}\n${text(folder)}`);
      chmodSync(program, 0o755);
    },
    secrets: (byService) => write('secrets.json', byService),
    called: () => (existsSync(file('calls.jsonl')) ? readFileSync(file('calls.jsonl'), 'utf8') : ''),
    async orrery(...args) {
      const child = spawn(process.execPath, ['sandbox/cli.ts', ...args], {
        cwd: repository,
        // Whatever a command begins by mistake, it is no fleet of processes: there is no such one.
        env: processEnv({ PATH: file('bin'), ORRERY_HOME: file('home'), ORRERY_ONLY: 'nobody' }),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { out: '', err: '' };
      child.stdout.on('data', (chunk: Buffer) => {
        said.out += chunk;
      });
      child.stderr.on('data', (chunk: Buffer) => {
        said.err += chunk;
      });
      const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
      return { code, ...said };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  fake.answer(answers);
  return fake;
}

/** What is executed in a container is executed here, on its secrets. */
function text(folder: string): string {
  return `const { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const folder = ${JSON.stringify(folder)};
const words = process.argv.slice(2);
if (words[0] === 'compose' && words[1] === '--file') words.splice(1, 2);
const name = words[0] === 'compose' ? 'compose ' + words[1] : words[0];
const calls = folder + '/calls.jsonl';
const before = existsSync(calls) ? readFileSync(calls, 'utf8').split('\\n').filter((line) => line.startsWith('"' + name + '"')).length : 0;
appendFileSync(calls, JSON.stringify(name) + ' ' + JSON.stringify(words) + '\\n');
function inside([, , flag, service, node, evaluate, program]) {
  const secrets = JSON.parse(readFileSync(folder + '/secrets.json', 'utf8'))[service];
  if (secrets === undefined) return { code: 1, err: 'service "' + service + '" is not running\\n' };
  if (flag !== '-T' || node !== '/nodejs/bin/node' || evaluate !== '-e') return { code: 127, err: 'not in the image: ' + words.join(' ') };
  const run = mkdtempSync(folder + '/run-');
  for (const [file, content] of Object.entries(secrets)) writeFileSync(run + '/' + file, content);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program.replaceAll('${secretFolder}', run)]);
  return { code: status, out: String(stdout), err: String(stderr) };
}
const known = JSON.parse(readFileSync(folder + '/answers.json', 'utf8'))[name] ?? (name === 'compose exec' ? inside(words) : { code: 99, err: 'no such call: ' + name });
const answer = Array.isArray(known) ? known[Math.min(before, known.length - 1)] : known;
process.stdout.write(answer.out ?? '');
process.stderr.write(answer.err ?? '');
process.exitCode = answer.code ?? 0;
`;
}
