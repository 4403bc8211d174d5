/** One process of the fleet: carries out what lifecycle.ts decides, with real children, timers and probes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { isAppError } from '#contracts/errors.ts';
import type { CapturedLine, ProcessStatus } from '#contracts/sandbox/control.ts';
import { processEnv } from '../process-env.ts';
import { ProcessOutput } from './capture/process-output.ts';
import type { RotatedFile } from './capture/rotated-file.ts';
import type { Command, Launcher } from './launcher.ts';
import { type Effect, type Lifecycle, type LifecycleEvent, newLifecycle, type Policy, step } from './lifecycle.ts';
import { probeUntilAborted } from './probe-loop.ts';
import { descendants } from './process-table.ts';
import type { LogSource } from './shipping/log-shipper.ts';
import { describeStatus, type Usage } from './status.ts';
import { send, sendGroup } from './terminate.ts';

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

export class ManagedProcess {
  readonly name: string;
  lifecycle: Lifecycle = newLifecycle;
  usage: Usage = { cpuPercent: null, memoryBytes: null };
  readonly #options: ManagedProcessOptions;
  readonly #output: ProcessOutput;
  readonly #now: () => number;
  readonly #random: () => number;
  #child: ChildProcess | null = null;
  #command: Command | null = null;
  /** Ends what belongs to the current start: preparation and probing. */
  #attempt: AbortController | null = null;
  #wake: NodeJS.Timeout | null = null;
  #grace: NodeJS.Timeout | null = null;

  constructor(options: ManagedProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#output = new ProcessOutput(options.file, (line) => options.onLine(this, line));
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
    const at = { nowMs: this.#now(), random: this.#random() };
    const { lifecycle, effects } = step(before, event, at, this.#options.policy);
    this.lifecycle = lifecycle;
    if (lifecycle.nextStartAtMs === null && this.#wake) clearTimeout(this.#wake);
    for (const effect of effects) this.#perform(effect);
    if (isNews(before, this.lifecycle)) this.#options.onChange(this);
  }

  lines(count: number, after = 0): CapturedLine[] {
    return this.#output.last(count, after);
  }

  status(): ProcessStatus {
    return describeStatus(this.name, this.#options.ports, this.lifecycle, this.usage);
  }

  /** Ends the process at once, without asking; for a second Ctrl-C. */
  hasten(): void {
    void this.#signalTree('SIGKILL');
  }

  flush(): void {
    this.#output.flush();
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
        void this.#signalTree(effect.signal);
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
    const told = {
      line: (text: string) => this.#output.add(text, 'stdout'),
      doing: (what: string) => {
        this.#output.add(what, 'stdout');
        this.dispatch({ type: 'preparing', what });
      },
    };
    try {
      const command = await this.#options.launcher.prepare(this.source.instance, told, attempt.signal);
      attempt.signal.throwIfAborted();
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
    this.#output.capture(child);
    await once(child, 'spawn');
    this.#child = child;
    this.#command = command;
    const pid = child.pid as number;
    const unguard = this.#options.launcher.guard?.(pid);
    child.on('error', () => {});
    child.once('exit', (code, signal) => {
      attempt.abort();
      unguard?.();
      void this.#exited(child, code, signal);
    });
    this.dispatch({ type: 'spawned', pid });
    // Asked to stop while it was being spawned: then nobody has told it yet.
    if (this.lifecycle.state === 'stopping') this.#terminate();
    const { probe } = this.#options.launcher;
    const loop = {
      probe,
      state: () => this.lifecycle.state,
      spoken: () => this.#output.spoken,
      report: (event: LifecycleEvent) => this.dispatch(event),
    };
    void probeUntilAborted(loop, attempt.signal);
  }

  async #exited(child: ChildProcess, code: number | null, signal: string | null): Promise<void> {
    if (this.#grace) clearTimeout(this.#grace);
    // Whatever it left in its group goes with it.
    if (child.pid !== undefined) sendGroup(child.pid, 'SIGKILL');
    await this.#output.drain(child);
    this.#child = null;
    this.dispatch({ type: 'exited', code, signal, detail: this.#describeExit(code, signal) });
  }

  #describeExit(code: number | null, signal: string | null): string {
    const what = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
    const words = this.#output.last(12).map((captured) => captured.line);
    return words.length === 0 ? `${what}, without a word` : `${what}. Last lines:\n${words.join('\n')}`;
  }

  /** The ladder: ask, wait, kill, and with it everything below (execa, docs/termination.md). */
  #terminate(): void {
    this.#attempt?.abort();
    const pid = this.lifecycle.pid;
    if (pid === null) return;
    // A paused process cannot hear: it is woken to be asked.
    void this.#signalTree('SIGCONT');
    send(pid, this.#command?.stopSignal ?? 'SIGTERM');
    if (this.#grace) clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      this.#output.add(`did not stop within ${this.#options.graceMs} ms: killed`, 'stderr');
      void this.#signalTree('SIGKILL');
    }, this.#options.graceMs);
  }

  /** The process and everything below it. Postgres gives each of its children a session, so no group holds them all. */
  async #signalTree(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    // Stopped first, it makes no more children while they are counted.
    if (signal === 'SIGSTOP') send(child.pid, signal);
    const below = await descendants(child.pid);
    if (hasEnded(child)) return;
    send(child.pid, signal);
    for (const descendant of below) send(descendant, signal);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** A failed probe more or less is nothing that anybody else sees. */
function isNews(before: Lifecycle, after: Lifecycle): boolean {
  return JSON.stringify({ ...before, failedProbes: 0 }) !== JSON.stringify({ ...after, failedProbes: 0 });
}
