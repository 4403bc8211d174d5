/**
 * The fleet in containers as the command line finds it. `up --compose` leaves a note in the state directory; addresses
 * and secrets are asked of Docker each time, so none are kept here that could be old.
 */
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, isAppError } from '#contracts/errors.ts';
import { secretFile } from '../../compose/secret-files.ts';
import { ensureHome, type Home, writeJson } from '../../supervisor/home.ts';
import type { Launch } from '../../supervisor/state.ts';
import { supervisorName, supervisorPort } from '../../topology.ts';
import { compose, type DockerAnswer, lastLine } from './docker.ts';

/** What opens the control API and its neighbours. The console's link is another container's: consoleLink. */
export type ContainerLaunch = Omit<Launch, 'pid' | 'consoleLaunch'>;

/** Names of the supervisor's secrets by what they are here. */
const Secrets = z
  .object({
    CONTROL_TOKEN: z.string().min(1),
    TELEMETRY_TOKEN: z.string().min(1),
    AUDITOR_TOKEN: z.string().min(1),
    IDENTITY_CLIENT_SECRET: z.string().min(1),
  })
  .strict();
const secretNames = Object.keys(Secrets.shape);

/** Docker is asked something that takes it a moment. */
const quick = { timeoutMs: 20_000 };

/** `takenAwayAt`: by `down`, which leaves their volumes. */
const Note = z.object({ startedAt: z.iso.datetime(), takenAwayAt: z.iso.datetime().optional() });
type Note = z.infer<typeof Note>;

export async function noteContainers(home: Home): Promise<void> {
  await ensureHome(home);
  await writeNote(home, { startedAt: new Date().toISOString() });
}

/** True from `up --compose` to `down`. */
export async function areContainersNoted(home: Home): Promise<boolean> {
  const note = await readNote(home);
  return note !== null && note.takenAwayAt === undefined;
}

/** True from `up --compose` to `reset`. */
export async function hasContainerVolumes(home: Home): Promise<boolean> {
  return (await readNote(home)) !== null;
}

/** Null when this state directory knows of none. Throws when the note is none. */
async function readNote(home: Home): Promise<Note | null> {
  const text = await readFile(home.containers, 'utf8').catch(() => null);
  if (text === null) return null;
  const note = Note.safeParse(parseOrNull(text));
  if (note.success) return note.data;
  throw new AppError('invalid_argument', `${home.containers} is damaged; when there are no containers, delete it`);
}

function writeNote(home: Home, note: Note): Promise<void> {
  return writeJson(home.containers, note);
}

/** How to reach their supervisor; null when there are no containers any more. Throws `unavailable` with Docker's reason and what to do. */
export async function reachContainers(): Promise<ContainerLaunch | null> {
  const [published, told] = await Promise.all([
    compose(['port', supervisorName, String(supervisorPort)], quick),
    compose([...inside(supervisorName), readFiles(secretNames)], quick),
  ]);
  const address = /^(\S+):(\d+)\s*$/m.exec(published.out);
  const secrets = Secrets.safeParse(parseOrNull(told.out));
  const failed = told.code !== 0 || !secrets.success ? told : published;
  if (!secrets.success || address === null) {
    if (await areGone()) return null;
    throw new AppError(
      'unavailable',
      `the supervisor of the containers, which commands ask, cannot be reached (${lastLine(failed) || 'no answer'}). \`npm run orrery -- up --compose\` starts what is missing; the profile \`console\` must be on`,
    );
  }
  const { CONTROL_TOKEN, TELEMETRY_TOKEN, AUDITOR_TOKEN, IDENTITY_CLIENT_SECRET } = secrets.data;
  return {
    controlUrl: `http://${address[1]}:${address[2]}`,
    controlToken: CONTROL_TOKEN,
    telemetryToken: TELEMETRY_TOKEN,
    auditorToken: AUDITOR_TOKEN,
    cliClientSecret: IDENTITY_CLIENT_SECRET,
  };
}

/** The console with its launch token, which only its own container knows; without, while that does not answer. */
export async function consoleLink(): Promise<string> {
  const { code, out } = await compose([...inside('console'), readFiles(['CONSOLE_LAUNCH_TOKEN'])], quick);
  const token = z.object({ CONSOLE_LAUNCH_TOKEN: z.string() }).safeParse(parseOrNull(out));
  const url = 'http://127.0.0.1:3000';
  return code === 0 && token.success ? `${url}/?token=${token.data.CONSOLE_LAUNCH_TOKEN}` : url;
}

/** They may have been taken away by hand. */
async function areGone(): Promise<boolean> {
  const { code, out } = await compose(['ps', '--all', '--quiet'], quick);
  return code === 0 && out.trim() === '';
}

/**
 * Takes the containers away, with `volumes` also what they keep. False when none were left to stop. Throws
 * `dependency_failed` when Docker does not do it.
 */
export async function downContainers(home: Home, { volumes = false, shown = false } = {}): Promise<boolean> {
  const note = await readNote(home);
  if (note === null || (note.takenAwayAt !== undefined && !volumes)) return false;
  try {
    const answer = await compose(['down', ...(volumes ? ['--volumes'] : [])], { shown });
    if (answer.code !== 0) throw failure('down', answer);
  } catch (error) {
    if (!isAppError(error)) throw error;
    throw new AppError(error.code, `${error.message}\nWhen there are no containers, delete ${home.containers}.`, {
      cause: error,
    });
  }
  if (volumes) await rm(home.containers, { force: true });
  else await writeNote(home, { ...note, takenAwayAt: new Date().toISOString() });
  return note.takenAwayAt === undefined;
}

/** Throws `conflict` while containers run that were started from this state directory: they have the ports. */
export async function assertNoContainers(home: Home): Promise<void> {
  if (!(await areContainersNoted(home))) return;
  const { code, out } = await compose(['ps', '--quiet'], quick).catch(() => ({ code: 1, out: '' }));
  if (code !== 0 || out.trim() === '') return;
  throw new AppError(
    'conflict',
    'the fleet runs in containers, with the same ports: stop it with `npm run orrery -- down`',
  );
}

/** What `docker compose` could not do, in its own words where they were not shown already. */
export function failure(command: string, answer: DockerAnswer): AppError {
  const reason = answer.err.trim() === '' ? '' : `: ${answer.err.trim().split('\n').slice(-3).join('\n')}`;
  return new AppError('dependency_failed', `\`docker compose ${command}\` ended with ${answer.code}${reason}`);
}

/** Node of a container's image; there is no shell in it. */
function inside(service: string): string[] {
  return ['exec', '-T', service, '/nodejs/bin/node', '-e'];
}

/** A program that prints files of the container's own secrets as one JSON object. */
function readFiles(names: readonly string[]): string {
  const files = JSON.stringify(names.map((name) => [name, secretFile(name)]));
  const all = `Object.fromEntries(${files}.map(([name, file]) => [name, require('fs').readFileSync(file, 'utf8')]))`;
  return `try { process.stdout.write(JSON.stringify(${all})) } catch (error) { console.error(error.message); process.exitCode = 1 }`;
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
