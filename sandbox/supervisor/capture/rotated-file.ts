import { appendFileSync, renameSync, statSync } from 'node:fs';

/**
 * A log file that is moved to `<file>.1` (and that to `.2`, …) when it is full. Lines are gathered and written every
 * 100 ms in one synchronous append: a few microseconds on a page cache, and nothing is in flight when we exit.
 */
export class RotatedFile {
  readonly #file: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #sizeBytes: number;
  #pending: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, options: { maxBytes?: number; keep?: number } = {}) {
    this.#file = file;
    this.#maxBytes = options.maxBytes ?? 5 * 1024 * 1024;
    this.#keep = options.keep ?? 2;
    this.#sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(line: string): void {
    this.#pending.push(line);
    this.#timer ??= setTimeout(() => this.flush(), 100).unref();
  }

  /** Writes what is gathered. A full disk costs log lines, not the fleet. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.length === 0) return;
    const text = `${this.#pending.join('\n')}\n`;
    this.#pending = [];
    try {
      if (this.#sizeBytes > 0 && this.#sizeBytes + text.length > this.#maxBytes) this.#rotate();
      appendFileSync(this.#file, text, { mode: 0o600 });
      this.#sizeBytes += Buffer.byteLength(text);
    } catch {
      // Nothing to tell it to: the ring and the telemetry store still have the lines.
    }
  }

  #rotate(): void {
    for (let index = this.#keep; index >= 1; index -= 1) {
      const from = index === 1 ? this.#file : `${this.#file}.${index - 1}`;
      if (statSync(from, { throwIfNoEntry: false })) renameSync(from, `${this.#file}.${index}`);
    }
    this.#sizeBytes = 0;
  }
}
