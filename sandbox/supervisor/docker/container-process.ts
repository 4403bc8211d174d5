/** One container: carries out what container-life.ts decides, looks at it, and reads what it prints. */
import { AppError } from '#contracts/errors.ts';
import type { CapturedLine, ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import { type BackoffPolicy, defaultBackoff } from '../backoff.ts';
import { ProcessOutput } from '../capture/process-output.ts';
import type { RunProcess } from '../processes.ts';
import type { Usage } from '../status.ts';
import {
  type ContainerLife,
  containerActionsIn,
  isUp,
  type LifeEvent,
  newContainerLife,
  stateOf,
  stepContainer,
} from './container-life.ts';
import { type Container, type ContainerAction, type Engine, projectLabel, serviceLabel } from './engine.ts';

export type ContainerProcessOptions = {
  name: string;
  project: string;
  ports: Record<string, number>;
  engine: Engine;
  policy?: BackoffPolicy;
  onChange(process: ContainerProcess): void;
};

/** Lines of before that are shown when we begin to look. */
const linesBefore = 200;

export class ContainerProcess implements RunProcess {
  readonly name: string;
  readonly container: string;
  readonly #options: ContainerProcessOptions;
  readonly #policy: BackoffPolicy;
  readonly #output = new ProcessOutput(null, () => {});
  readonly #ending = new AbortController();
  #life: ContainerLife = newContainerLife;
  #usage: Usage = { cpuPercent: null, memoryBytes: null };
  #sampled: { cpuSeconds: number; atMs: number; pid: number } | null = null;
  #unreachable: string | null = null;
  #wake: NodeJS.Timeout | null = null;
  #lastLook: Promise<void> = Promise.resolve();
  #nextLook: Promise<void> | null = null;
  #following = false;
  #readUntil = '';

  constructor(options: ContainerProcessOptions) {
    this.#options = options;
    this.#policy = options.policy ?? defaultBackoff;
    this.name = options.name;
    // As Compose names the first container of a service.
    this.container = `${options.project}-${options.name}-1`;
  }

  status(): ProcessStatus {
    const { seen, lastExit, startAtMs, restarts, readyAtMs } = this.#life;
    const pid = isUp(this.#life) ? (seen?.pid ?? null) : null;
    return {
      name: this.name,
      state: this.#state(),
      pid,
      ports: this.#options.ports,
      startedAt: pid === null ? null : instant(seen?.startedAtMs ?? null),
      readyAt: instant(readyAtMs),
      restarts,
      lastExit: lastExit && {
        at: new Date(lastExit.atMs).toISOString(),
        code: lastExit.code,
        signal: lastExit.signal,
        expected: lastExit.expected,
      },
      nextStartAt: instant(startAtMs),
      reason: this.#reason(),
      waitingFor: this.#state() === 'waiting' && seen !== null ? dependenciesOf(seen) : [],
      cpuPercent: pid === null ? null : this.#usage.cpuPercent,
      memoryBytes: pid === null ? null : this.#usage.memoryBytes,
    };
  }

  lines(count: number, after = 0): CapturedLine[] {
    return this.#output.last(count, after);
  }

  /**
   * Begins an action. Throws `conflict` where the state does not allow it, `unavailable` while Docker does not answer.
   * What it returns resolves when Docker has done or refused it, and never rejects: the status tells which.
   */
  ask(action: ProcessAction): Promise<void> {
    if (this.#unreachable !== null) throw new AppError('unavailable', this.#unreachable);
    if (this.#life.seen === null) throw new AppError('conflict', this.#missing());
    const state = this.#state();
    if (!containerActionsIn[state].includes(action)) {
      const why = state === 'waiting' ? ': Docker Compose starts it when what it needs is there' : '';
      throw new AppError('conflict', `${this.name} is ${state}${why}: ${action} is not possible now`);
    }
    return this.dispatch({ type: 'asked', action });
  }

  /**
   * Looks at the container, once for all who ask while a look goes on: an older answer must not follow a newer one.
   * Rejects never: that Docker does not answer is part of the status.
   */
  look(): Promise<void> {
    if (this.#nextLook !== null) return this.#nextLook;
    this.#lastLook = this.#lastLook.then(() => {
      this.#nextLook = null;
      return this.#lookNow();
    });
    this.#nextLook = this.#lastLook;
    return this.#nextLook;
  }

  async #lookNow(): Promise<void> {
    try {
      const container = await this.#options.engine.inspect(this.container);
      const known = this.#unreachable;
      this.#unreachable = null;
      void this.dispatch({ type: 'seen', container: container !== null && this.#isOurs(container) ? container : null });
      if (known !== null) this.#options.onChange(this);
      if (this.#life.open) void this.#follow();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#unreachable === reason) return;
      this.#unreachable = reason;
      this.#options.onChange(this);
    }
  }

  /** CPU since the last sample, and memory. */
  async sample(): Promise<void> {
    const { pid } = this.status();
    if (pid === null) return;
    const { cpuSeconds, memoryBytes } = await this.#options.engine.usage(this.container);
    const atMs = performance.now();
    const before = this.#sampled?.pid === pid ? this.#sampled : null;
    this.#sampled = { cpuSeconds, atMs, pid };
    const share = before === null ? null : (cpuSeconds - before.cpuSeconds) / ((atMs - before.atMs) / 1_000);
    this.#usage = { cpuPercent: share === null ? null : Math.max(0, Math.round(share * 1_000) / 10), memoryBytes };
  }

  /** Resolves when Docker has done what follows from the event. */
  async dispatch(event: LifeEvent): Promise<void> {
    const before = JSON.stringify(this.status());
    const at = { nowMs: Date.now(), random: Math.random() };
    const { life, effects } = stepContainer(this.#life, event, at, this.#policy);
    this.#life = life;
    if (life.startAtMs === null && this.#wake !== null) clearTimeout(this.#wake);
    const calls: Promise<void>[] = [];
    for (const effect of effects) {
      if (effect.type === 'call') calls.push(this.#call(effect.action));
      else this.#wakeAt(effect.atMs);
    }
    if (JSON.stringify(this.status()) !== before) this.#options.onChange(this);
    await Promise.all(calls);
  }

  close(): void {
    this.#ending.abort();
    if (this.#wake !== null) clearTimeout(this.#wake);
  }

  #wakeAt(atMs: number): void {
    this.#wake = setTimeout(() => void this.dispatch({ type: 'retry-due' }), Math.max(0, atMs - Date.now()));
  }

  async #call(action: ContainerAction): Promise<void> {
    try {
      await this.#options.engine.act(this.container, action);
      await this.look();
      void this.dispatch({ type: 'done', action });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      void this.dispatch({ type: 'refused', reason: `${action} failed: ${said}` });
      await this.look();
    }
  }

  /** One reader at a time; it ends with the container, and the next start brings the next. */
  async #follow(): Promise<void> {
    if (this.#following || this.#ending.signal.aborted) return;
    this.#following = true;
    const from = this.#readUntil;
    try {
      for await (const { at, stream, line } of this.#options.engine.follow(
        this.container,
        linesBefore,
        this.#ending.signal,
      )) {
        // The first lines may be known from the reader before.
        if (at <= from) continue;
        this.#output.add(line, stream, at);
        this.#readUntil = at;
      }
    } catch {
      // The next look brings the next reader.
    } finally {
      this.#following = false;
    }
  }

  #isOurs({ labels }: Container): boolean {
    return labels[projectLabel] === this.#options.project && labels[serviceLabel] === this.name;
  }

  #state(): ProcessStatus['state'] {
    const state = stateOf(this.#life, this.#policy);
    if (this.#unreachable === null) return state;
    // What was seen last may no longer be so.
    return isUp(this.#life) ? 'degraded' : 'failed';
  }

  #reason(): string | null {
    const { seen, problem, lastExit } = this.#life;
    if (this.#unreachable !== null) return this.#unreachable;
    if (seen === null) return this.#missing();
    if (problem !== null) return problem;
    if (seen.error !== '') return seen.error;
    switch (this.#state()) {
      case 'degraded':
        return seen.complaint === '' ? 'its health check fails' : `its health check fails: ${seen.complaint}`;
      case 'backoff':
      case 'crash-loop':
        return lastExit === null ? null : this.#describeExit(lastExit.code, lastExit.signal, seen.outOfMemory);
      default:
        return null;
    }
  }

  #describeExit(code: number | null, signal: string | null, outOfMemory: boolean): string {
    const what = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const why = outOfMemory ? ', out of memory' : '';
    const words = this.#output.last(12).map(({ line }) => line);
    return words.length === 0 ? `${what}${why}, without a word` : `${what}${why}. Last lines:\n${words.join('\n')}`;
  }

  #missing(): string {
    return `there is no container ${this.container}: \`docker compose up\` makes it`;
  }
}

/** Compose notes on a container what it waits for: `name:condition:restart,…`. */
function dependenciesOf({ labels }: Container): string[] {
  const noted = labels['com.docker.compose.depends_on'] ?? '';
  return noted === '' ? [] : noted.split(',').map((entry) => entry.split(':')[0] ?? '');
}

function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
