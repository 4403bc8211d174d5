/** The running sandbox as the command line sees it: its files and its control API. */
import { AppError, type Problem } from '#contracts/errors.ts';
import { SandboxState } from '#contracts/sandbox/control.ts';
import { homeFiles } from '../supervisor/home.ts';
import { lockHolder } from '../supervisor/lock.ts';
import { type Launch, readLaunch, readState } from '../supervisor/state.ts';

export type Running = { pid: number; launch: Launch };

/** The running sandbox of this state directory, null when there is none or it has only just begun. */
export async function findRunning(home = homeFiles()): Promise<Running | null> {
  const holder = await lockHolder(home.lock);
  const launch = holder === null ? null : await readLaunch(home);
  return holder === null || launch?.pid !== holder.pid ? null : { pid: holder.pid, launch };
}

/** As findRunning; throws `unavailable` with the command that starts one. */
export async function requireRunning(home = homeFiles()): Promise<Running> {
  const running = await findRunning(home);
  if (running === null) throw new AppError('unavailable', 'nothing is running here; start it with `npm start`');
  return running;
}

/** Calls the control API, with `body` as JSON; answers its JSON. Throws the error that it answered, or `unavailable`. */
export async function callControl(
  { launch }: Running,
  path: string,
  {
    method = 'GET',
    body: given,
    timeoutMs = 5_000,
  }: { method?: 'GET' | 'POST' | 'DELETE'; body?: unknown; timeoutMs?: number } = {},
): Promise<unknown> {
  const response = await fetch(`${launch.controlUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${launch.controlToken}` },
    ...(given === undefined ? {} : { body: JSON.stringify(given) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    throw new AppError('unavailable', `the control API at ${launch.controlUrl} does not answer`, { cause });
  });
  const body: unknown = await response.json();
  if (response.ok) return body;
  const problem = body as Problem;
  throw new AppError(problem.code, problem.detail);
}

/** State of the sandbox: from the supervisor when it answers, else what it wrote last. */
export async function currentState(running: Running): Promise<SandboxState> {
  try {
    return SandboxState.parse(await callControl(running, '/v1/state'));
  } catch (error) {
    const written = await readState(homeFiles());
    if (written !== null) return written;
    throw error;
  }
}
