/**
 * The part of the Docker Engine API that a supervisor of containers needs, and no more: what is asked here is what the
 * proxy before the engine lets through (engine-access.ts). https://docs.docker.com/reference/api/engine/version/v1.45/
 */
import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { CapturedLine } from '#contracts/sandbox/control.ts';
import { frames } from './log-frames.ts';

/** Engine 26 speaks it, which `volume.subpath` in compose.yaml needs as well; Engine 29 still does. */
export const apiVersion = 'v1.45';

const Inspected = z.object({
  Id: z.string(),
  RestartCount: z.int().default(0),
  State: z.object({
    Status: z.enum(['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead']),
    Pid: z.int(),
    ExitCode: z.int(),
    Error: z.string().default(''),
    OOMKilled: z.boolean().default(false),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: z
      .object({
        Status: z.enum(['none', 'starting', 'healthy', 'unhealthy', '']),
        Log: z.array(z.object({ End: z.string(), ExitCode: z.int(), Output: z.string().default('') })).nullish(),
      })
      .nullish(),
  }),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
});

const Event = z.object({
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
  time: z.int(),
  timeNano: z.number().optional(),
});

const Stats = z.object({
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: z.number() }) }),
  memory_stats: z.object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).nullish() }),
});

/** A container as the engine sees it. Times are epoch milliseconds, null for never. */
export type Container = {
  id: string;
  status: z.infer<typeof Inspected>['State']['Status'];
  health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** What the last health check said that failed; when the first of those remembered succeeded. */
  complaint: string;
  healthySinceMs: number | null;
  pid: number | null;
  exitCode: number;
  error: string;
  outOfMemory: boolean;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Restarts by the engine itself since the container was last started by somebody. */
  restartCount: number;
  labels: Readonly<Record<string, string>>;
};

export type ContainerEvent = { service: string; action: string; atMs: number; exitCode: number | null; signal: string };
export type ContainerAction = 'start' | 'stop' | 'restart' | 'kill' | 'pause' | 'unpause';
export type ContainerUsage = { cpuSeconds: number; memoryBytes: number };

export type Engine = {
  /** Null when there is none of that name. */
  inspect(name: string): Promise<Container | null>;
  /** Resolves when it is done: a `stop` when the container has ended. */
  act(name: string, action: ContainerAction): Promise<void>;
  usage(name: string): Promise<ContainerUsage>;
  /** What it prints from now on, after its last `tail` lines. Ends with the container. */
  follow(name: string, tail: number, signal: AbortSignal): AsyncGenerator<Omit<CapturedLine, 'sequence'>>;
  /** What happens to the containers of a project; `onOpen` is called when nothing more is missed. Ends with the connection. */
  events(project: string, signal: AbortSignal, onOpen: () => void): AsyncGenerator<ContainerEvent>;
};

export const projectLabel = 'com.docker.compose.project';
export const serviceLabel = 'com.docker.compose.service';

const askWithinMs = 5_000;
/** The engine answers a stop when the container has ended; the longest grace in compose.yaml is 30 s. */
const actWithinMs = 60_000;

/** `url` is that of the proxy before the engine. Everything rejects with `unavailable` when it does not answer. */
export function createEngine(url: string): Engine {
  async function call(method: 'GET' | 'POST', path: string, signal: AbortSignal): Promise<Response> {
    const response = await fetch(`${url}/${apiVersion}${path}`, { method, signal }).catch((cause: unknown) => {
      throw new AppError('unavailable', `Docker does not answer at ${url}`, { cause });
    });
    // 304: it is as it was asked to be.
    if (response.ok || response.status === 304) return response;
    throw refusal(response.status, await response.text());
  }

  function read<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = `${issue?.path.join('.')}: ${issue?.message}`;
    throw new AppError('dependency_failed', `Docker answered ${what} with something unknown (${where})`);
  }

  const path = (name: string, what: string) => `/containers/${encodeURIComponent(name)}/${what}`;
  const ask = async (at: string): Promise<unknown> => (await call('GET', at, AbortSignal.timeout(askWithinMs))).json();

  return {
    async inspect(name) {
      try {
        return containerOf(read(Inspected, await ask(path(name, 'json')), name));
      } catch (error) {
        if (error instanceof AppError && error.code === 'not_found') return null;
        throw error;
      }
    },
    async act(name, action) {
      const query = action === 'kill' ? '?signal=SIGKILL' : '';
      const response = await call('POST', path(name, action) + query, AbortSignal.timeout(actWithinMs));
      await response.arrayBuffer();
    },
    async usage(name) {
      const { cpu_stats, memory_stats } = read(Stats, await ask(path(name, 'stats?stream=false&one-shot=true')), name);
      // As `docker stats` counts: pages of files that could be dropped are nobody's need.
      const droppable = memory_stats.stats?.inactive_file ?? memory_stats.stats?.total_inactive_file ?? 0;
      return {
        cpuSeconds: cpu_stats.cpu_usage.total_usage / 1e9,
        memoryBytes: Math.max(0, (memory_stats.usage ?? 0) - droppable),
      };
    },
    async *follow(name, tail, signal) {
      const query = `logs?follow=true&stdout=true&stderr=true&timestamps=true&tail=${tail}`;
      const { body } = await call('GET', path(name, query), signal);
      if (body !== null) yield* frames(body);
    },
    async *events(project, signal, onOpen) {
      const filters = JSON.stringify({ type: ['container'], label: [`${projectLabel}=${project}`] });
      const { body } = await call('GET', `/events?filters=${encodeURIComponent(filters)}`, signal);
      onOpen();
      let rest = '';
      for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.trim() !== '') yield eventOf(Event.parse(JSON.parse(line)));
      }
    },
  };
}

function refusal(status: number, text: string): AppError {
  const said = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const message = said === undefined ? text.trim().slice(0, 200) : (JSON.parse(said) as string);
  if (status === 404) return new AppError('not_found', `Docker: ${message}`);
  // The proxy before the engine lets nothing else through.
  if (status === 403 || status === 405)
    return new AppError('forbidden', `the proxy before Docker refuses it: ${message}`);
  return new AppError(status === 409 ? 'conflict' : 'dependency_failed', `Docker: ${message}`);
}

function containerOf({ Id, State, RestartCount, Config }: z.infer<typeof Inspected>): Container {
  const checks = State.Health?.Log ?? [];
  return {
    id: Id,
    status: State.Status,
    health: State.Health?.Status || 'none',
    complaint: checks.findLast(({ ExitCode }) => ExitCode !== 0)?.Output.trim() ?? '',
    healthySinceMs: epochMs(checks.find(({ ExitCode }) => ExitCode === 0)?.End ?? ''),
    pid: State.Pid === 0 ? null : State.Pid,
    exitCode: State.ExitCode,
    error: State.Error,
    outOfMemory: State.OOMKilled,
    startedAtMs: epochMs(State.StartedAt),
    finishedAtMs: epochMs(State.FinishedAt),
    restartCount: RestartCount,
    labels: Config.Labels ?? {},
  };
}

/** The engine writes the year 1 for never. */
function epochMs(instant: string): number | null {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) || ms <= 0 ? null : ms;
}

function eventOf({ Action, Actor: { Attributes }, time, timeNano }: z.infer<typeof Event>): ContainerEvent {
  return {
    service: Attributes[serviceLabel] ?? '',
    action: Action,
    atMs: timeNano === undefined ? time * 1_000 : Math.floor(timeNano / 1e6),
    exitCode: Attributes.exitCode === undefined ? null : Number(Attributes.exitCode),
    signal: Attributes.signal ?? '',
  };
}
