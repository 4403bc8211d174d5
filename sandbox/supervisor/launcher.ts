/** What the supervisor must know to start one kind of process. Each kind is a file in launchers/. */
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

/** Where a preparation says how it goes: lines for the log, and what takes so long for everybody who waits. */
export type Told = { line(text: string): void; doing(what: string): void };

export type Launcher = {
  /** May take its time (initdb, a build). Throws AppError: retryable means try again, else the process has failed. */
  prepare(instance: string, told: Told, signal: AbortSignal): Promise<Command>;
  /** Rejects while the process cannot work. */
  probe(signal: AbortSignal): Promise<void>;
  /** Called when the process runs; the result is called when it has ended. */
  guard?(pid: number): () => void;
};
