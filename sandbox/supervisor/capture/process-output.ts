import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { CapturedLine } from '#contracts/sandbox/control.ts';
import { createLineSplitter } from './line-splitter.ts';
import { Ring } from './ring.ts';
import type { RotatedFile } from './rotated-file.ts';

const ringLines = 2_000;

/** Everything that one process has printed, over all its starts: the newest lines in memory, all in its file. */
export class ProcessOutput {
  readonly #ring = new Ring<CapturedLine>(ringLines);
  readonly #file: Pick<RotatedFile, 'write' | 'flush'> | null;
  readonly #onLine: (line: CapturedLine) => void;
  #sequence = 0;

  /** Without a file where somebody else keeps the lines. */
  constructor(file: Pick<RotatedFile, 'write' | 'flush'> | null, onLine: (line: CapturedLine) => void) {
    this.#file = file;
    this.#onLine = onLine;
  }

  capture(child: ChildProcess): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const splitter = createLineSplitter((line) => this.add(line, stream));
      child[stream]?.on('data', (chunk: Buffer) => splitter.write(chunk));
      child[stream]?.on('end', () => splitter.end());
    }
  }

  /** Reads what an ended child left in its pipes; a grandchild that holds them open must not keep us. */
  async drain(child: ChildProcess): Promise<void> {
    await once(child, 'close', { signal: AbortSignal.timeout(200) }).catch(() => {});
    child.stdout?.destroy();
    child.stderr?.destroy();
  }

  add(text: string, stream: CapturedLine['stream'], at = new Date().toISOString()): void {
    this.#sequence += 1;
    const line = { at, stream, line: text, sequence: this.#sequence };
    this.#ring.push(line);
    this.#file?.write(text);
    this.#onLine(line);
  }

  /** How many lines there were so far. */
  get spoken(): number {
    return this.#sequence;
  }

  /** The newest lines, of those that came after the line numbered `after`. */
  last(count: number, after = 0): CapturedLine[] {
    return this.#ring.last(count).filter((line) => (line.sequence ?? 0) > after);
  }

  flush(): void {
    this.#file?.flush();
  }
}
