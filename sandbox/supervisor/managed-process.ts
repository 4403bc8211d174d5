/** One process of the fleet: carries out what lifecycle.ts decides, with real children, timers and probes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '#contracts/errors.ts';
import type { CapturedLine, ProcessStatus } from '#contracts/sandbox/control.ts';
import { processEnv } from '../process-env.ts';
import { createLineSplitter } from './capture/line-splitter.ts';
import { Ring } from './capture/ring.ts';
import type { RotatedFile } from './capture/rotated-file.ts';
import { type Effect, type Lifecycle, type LifecycleEvent, newLifecycle, type Policy, step } from './lifecycle.ts';
import { descendants } from './process-table.ts';
import type { LogSource } from './shipping/log-shipper.ts';
import { send } from './terminate.ts';

export type Command = {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
  /** Node children get an IPC channel, whose end tells them that the supervisor is gone. */
  ipc: boolean;
  stopSignal: NodeJS.Signals;
};

/** How one kind of process is started and asked. */
export type Launcher = {
  /** May take its time (initdb, a build). Throws AppError: retryable means try again, else the process has failed. */
  prepare(instance: string, note: (line: string) => void, signal: AbortSignal): Promise<Command>;
  /** Rejects while the process cannot work. */
  probe(signal: AbortSignal): Promise<void>;
  /** Called when the process runs; the result is called when it has ended. */
  guard?(pid: number): () => void;
};

export type ManagedProcessOptions = {
  name: string;
  version: string;
  ports: Record<string, number>;
  launcher: Launcher;
  policy: Policy;
  file: RotatedFile;
  /** SIGTERM to SIGKILL, milliseconds. */
  graceMs: number;
  now?: () => number;
  random?: () => number;
  onChange(process: ManagedProcess): void;
  onLine(process: ManagedProcess, line: CapturedLine): void;
};

export type Usage = { cpuPercent: number | null; memoryBytes: number | null };

const ringLines = 2_000;
const probeTimeoutMs = 2_000;

export class ManagedProcess {
  readonly name: string;
  lifecycle: Lifecycle = newLifecycle;
  usage: Usage = { cpuPercent: null, memoryBytes: null };
  readonly #options: ManagedProcessOptions;
  readonly #ring = new Ring<CapturedLine>(ringLines);
  readonly #now: () => number;
  readonly #random: () => number;
  #sequence = 0;
  #child: ChildProcess | null = null;
  #command: Command | null = null;
  /** Ends what belongs to the current start: preparation and probing. */
  #attempt: AbortController | null = null;
  #wake: NodeJS.Timeout | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(options: ManagedProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? Math.random;
  }

  /** Who speaks in the log. The instance names the current start, unique among all starts of this sandbox run. */
  get source(): LogSource {
    const instance = `${this.name}-${Math.max(1, this.lifecycle.starts)}`;
    return { name: this.name, instance, version: this.#options.version };
  }

  dispatch(event: LifecycleEvent): void {
    const before = this.lifecycle;
    const { lifecycle, effects } = step(
      before,
      event,
      { nowMs: this.#now(), random: this.#random() },
      this.#options.policy,
    );
    this.lifecycle = lifecycle;
    if (lifecycle.state !== 'backoff' && lifecycle.state !== 'crash-loop') this.#clearWake();
    for (const effect of effects) this.#perform(effect);
    if (isNews(before, this.lifecycle)) this.#options.onChange(this);
  }

  /** The newest lines, of those that came after the line numbered `after`. */
  lines(count: number, after = 0): CapturedLine[] {
    return this.#ring.last(count).filter((line) => (line.sequence ?? 0) > after);
  }

  status(): ProcessStatus {
    const life = this.lifecycle;
    const instant = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
    return {
      name: this.name,
      state: life.state,
      pid: life.pid,
      ports: this.#options.ports,
      startedAt: instant(life.startedAtMs),
      readyAt: instant(life.readyAtMs),
      restarts: Math.max(0, life.starts - 1),
      lastExit: life.lastExit && {
        at: new Date(life.lastExit.atMs).toISOString(),
        code: life.lastExit.code,
        signal: life.lastExit.signal,
        expected: life.lastExit.expected,
      },
      nextStartAt: instant(life.nextStartAtMs),
      reason: life.reason,
      waitingFor: [...life.waitingFor],
      cpuPercent: life.pid === null ? null : this.usage.cpuPercent,
      memoryBytes: life.pid === null ? null : this.usage.memoryBytes,
    };
  }

  /** Ends the process at once, without asking; for a second Ctrl-C. */
  hasten(): void {
    if (this.#child?.pid !== undefined) void this.#signal(this.#child.pid, 'SIGKILL');
  }

  flush(): void {
    this.#options.file.flush();
  }

  /** Adds a line of the supervisor's own to what the process printed. */
  note(line: string, stream: CapturedLine['stream'] = 'stdout'): void {
    this.#captured({ at: new Date().toISOString(), stream, line });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        void this.#launch();
        return;
      case 'terminate':
        this.#terminate();
        return;
      case 'signal':
        if (this.lifecycle.pid !== null) void this.#signal(this.lifecycle.pid, effect.signal);
        return;
      case 'wake':
        this.#wake = setTimeout(() => this.dispatch({ type: 'retry-due' }), Math.max(0, effect.atMs - this.#now()));
        return;
    }
  }

  async #launch(): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.usage = { cpuPercent: null, memoryBytes: null };
    try {
      const command = await this.#options.launcher.prepare(
        this.source.instance,
        (line) => this.note(line),
        attempt.signal,
      );
      attempt.signal.throwIfAborted();
      this.#command = command;
      await this.#spawn(command, attempt);
    } catch (error) {
      attempt.abort();
      const permanent = isAppError(error) ? !error.retryable : true;
      const reason = error instanceof Error ? error.message : String(error);
      this.dispatch({ type: 'cannot-start', reason, permanent });
    }
  }

  async #spawn(command: Command, attempt: AbortController): Promise<void> {
    const child = spawn(command.command, [...command.args], {
      cwd: command.cwd,
      env: processEnv(command.env),
      // A group of its own: the terminal's Ctrl-C reaches only the supervisor, which stops in order.
      detached: true,
      stdio: command.ipc ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
    });
    this.#child = child;
    this.#capture(child);
    await once(child, 'spawn');
    const pid = child.pid as number;
    const unguard = this.#options.launcher.guard?.(pid);
    child.on('error', () => {});
    child.once('exit', (code, signal) => void this.#exited(child, attempt, code, signal, unguard));
    this.dispatch({ type: 'spawned', pid });
    // Asked to stop while it was being spawned: then nobody has told it yet.
    if (this.lifecycle.state === 'stopping') this.#terminate();
    void this.#probe(attempt.signal);
  }

  #capture(child: ChildProcess): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const splitter = createLineSplitter((line) => this.#captured({ at: new Date().toISOString(), stream, line }));
      child[stream]?.on('data', (chunk: Buffer) => splitter.write(chunk));
      child[stream]?.on('end', () => splitter.end());
    }
  }

  #captured(line: CapturedLine): void {
    this.#sequence += 1;
    this.#ring.push({ ...line, sequence: this.#sequence });
    this.#options.file.write(line.line);
    this.#options.onLine(this, line);
  }

  async #exited(
    child: ChildProcess,
    attempt: AbortController,
    code: number | null,
    signal: string | null,
    unguard: (() => void) | undefined,
  ): Promise<void> {
    attempt.abort();
    unguard?.();
    if (this.#grace) clearTimeout(this.#grace);
    // Whatever it left in its group goes with it.
    if (child.pid !== undefined) sendGroup(child.pid, 'SIGKILL');
    // Its last words may still be in the pipe; a grandchild that holds the pipe open must not keep us.
    const read = AbortSignal.timeout(200);
    await once(child, 'close', { signal: read }).catch(() => {});
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.#child = null;
    this.dispatch({ type: 'exited', code, signal, detail: this.#describeExit(code, signal) });
  }

  #describeExit(code: number | null, signal: string | null): string {
    const what = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const words = this.#ring.last(12).map((captured) => captured.line);
    return words.length === 0 ? `${what}, without a word` : `${what}. Last lines:\n${words.join('\n')}`;
  }

  /** The ladder: ask, wait, kill, and with it everything below (execa, docs/termination.md). */
  #terminate(): void {
    const pid = this.lifecycle.pid;
    if (pid === null) {
      this.#attempt?.abort();
      return;
    }
    this.#attempt?.abort();
    // A paused process cannot hear: it is woken to be asked.
    void this.#signal(pid, 'SIGCONT');
    send(pid, this.#command?.stopSignal ?? 'SIGTERM');
    if (this.#grace) clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.note(`did not stop within ${this.#options.graceMs} ms: killed`, 'stderr');
      void this.#signal(pid, 'SIGKILL');
    }, this.#options.graceMs);
  }

  /** Stops, wakes or kills the process and everything below it. Postgres gives each child a session, so no group holds them all. */
  async #signal(pid: number, signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    // The parent first: it cannot replace a child that it does not see dying.
    if (signal === 'SIGSTOP') send(pid, signal);
    const below = await descendants(pid);
    const child = this.#child;
    if (child === null || child.pid !== pid || child.exitCode !== null || child.signalCode !== null) return;
    send(pid, signal);
    for (const descendant of below) send(descendant, signal);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      const event = await this.#ask(signal);
      if (signal.aborted) return;
      if (event !== null && this.lifecycle.state !== 'paused') this.dispatch(event);
      await delay(probePauseMs(this.lifecycle.state, round), undefined, { signal }).catch(() => {});
    }
  }

  async #ask(signal: AbortSignal): Promise<LifecycleEvent | null> {
    if (this.lifecycle.state === 'paused') return null;
    try {
      await this.#options.launcher.probe(AbortSignal.any([signal, AbortSignal.timeout(probeTimeoutMs)]));
      return { type: 'probe', ok: true };
    } catch (error) {
      return { type: 'probe', ok: false, detail: explain(error) };
    }
  }

  #clearWake(): void {
    if (this.#wake) clearTimeout(this.#wake);
    this.#wake = null;
  }
}

/** A failed probe more or less is nothing that anybody else sees. */
function isNews(before: Lifecycle, after: Lifecycle): boolean {
  return JSON.stringify({ ...before, failedProbes: 0 }) !== JSON.stringify({ ...after, failedProbes: 0 });
}

/** Often while it starts, for start time is what people wait for; every two seconds while all is well. */
function probePauseMs(state: Lifecycle['state'], round: number): number {
  if (state === 'starting') return Math.min(250, 30 + round * 5);
  return state === 'running' ? 2_000 : 500;
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return `no answer within ${probeTimeoutMs} ms`;
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

function sendGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended with its leader.
  }
}
