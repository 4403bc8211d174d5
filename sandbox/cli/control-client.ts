/** The running sandbox as the command line sees it: its files and its control API. */
import { AppError, type Problem } from '#contracts/errors.ts';
import { SandboxState } from '#contracts/sandbox/control.ts';
import { homeFiles } from '../supervisor/home.ts';
import { lockHolder } from '../supervisor/lock.ts';
import { type Launch, readLaunch, readState } from '../supervisor/state.ts';
import { areContainersNoted, type ContainerLaunch, reachContainers } from './compose/containers.ts';

export type RunningProcesses = { pid: number; launch: Launch };
export type RunningContainers = { pid: null; launch: ContainerLaunch };
/** By the supervisor's pid: in containers it has none that means something here. */
export type Running = RunningProcesses | RunningContainers;

/** The running sandbox of this state directory, null when there is none. Throws `unavailable` when its containers cannot be reached. */
export async function findRunning(home = homeFiles()): Promise<Running | null> {
  const processes = await findProcesses(home);
  if (processes !== null || !(await areContainersNoted(home))) return processes;
  const launch = await reachContainers();
  return launch === null ? null : { pid: null, launch };
}

/** As findRunning, without containers; null also when it has only just begun. */
export async function findProcesses(home = homeFiles()): Promise<RunningProcesses | null> {
  const holder = await lockHolder(home.lock);
  const launch = holder === null ? null : await readLaunch(home);
  return holder === null || launch?.pid !== holder.pid ? null : { pid: holder.pid, launch };
}

/** As findRunning; throws `unavailable` with the command that starts one. */
export async function requireRunning(home = homeFiles()): Promise<Running> {
  const running = await findRunning(home);
  if (running === null) {
    const message =
      'nothing is running here; start it with `npm start`, or in containers with `npm run orrery -- up --compose`';
    throw new AppError('unavailable', message);
  }
  return running;
}

type Asked = { method?: 'GET' | 'POST' | 'DELETE'; body?: unknown; timeoutMs?: number };

/** Calls the control API, with `body` as JSON; answers its JSON. Throws the error that it answered, or `unavailable`. */
export async function callControl(running: Running, path: string, asked?: Asked): Promise<unknown> {
  return (await askControl(running, path, asked)).json();
}

/** As callControl, with the answer as it comes. */
export async function askControl(
  { pid, launch }: Running,
  path: string,
  { method = 'GET', body, timeoutMs = 5_000 }: Asked = {},
): Promise<Response> {
  const response = await fetch(`${launch.controlUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${launch.controlToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((cause: unknown) => {
    const how = pid === null ? ': `docker compose -f compose/compose.yaml logs supervisor` may tell why' : '';
    throw new AppError('unavailable', `the control API at ${launch.controlUrl} does not answer${how}`, { cause });
  });
  if (response.ok) return response;
  const problem = (await response.json()) as Problem;
  throw new AppError(problem.code, problem.detail);
}

/** State of the sandbox: from the supervisor when it answers, else what it wrote last. */
export async function currentState(running: Running): Promise<SandboxState> {
  try {
    return SandboxState.parse(await callControl(running, '/v1/state'));
  } catch (error) {
    const written = running.pid === null ? null : await readState(homeFiles());
    if (written !== null) return written;
    throw error;
  }
}
