import type { Stage, StageContext } from './kind.ts';

type Item = { chunk: Buffer | null; dueMs: number };

/** Holds what passes until it is due, in the order in which it came. `null` is the end of the stream. */
export class DelayLine {
  readonly #context: StageContext;
  readonly #items: Item[] = [];
  #cancel: (() => void) | null = null;
  #lastDueMs = 0;

  constructor(context: StageContext) {
    this.#context = context;
  }

  /** Hands on at `dueMs` of the context's clock, and never before what was put in earlier. */
  put(chunk: Buffer | null, dueMs: number): void {
    this.#lastDueMs = Math.max(this.#lastDueMs, dueMs);
    this.#items.push({ chunk, dueMs: this.#lastDueMs });
    if (this.#items.length === 1) this.#advance();
  }

  /** When the last item leaves; now when there is none. */
  get idleFromMs(): number {
    return Math.max(this.#context.clock.now(), this.#lastDueMs);
  }

  /** Keeps what comes next at least this long behind what came last. */
  pauseFor(ms: number): void {
    this.#lastDueMs = this.idleFromMs + ms;
  }

  release(): void {
    this.#stopTimer();
    for (const { chunk } of this.#items.splice(0)) this.#handOn(chunk);
  }

  dispose(): void {
    this.#stopTimer();
    this.#items.length = 0;
  }

  #advance(): void {
    this.#stopTimer();
    for (let head = this.#items[0]; head !== undefined; head = this.#items[0]) {
      const waitMs = head.dueMs - this.#context.clock.now();
      if (waitMs > 0) {
        this.#cancel = this.#context.clock.after(waitMs, () => this.#advance());
        return;
      }
      this.#items.shift();
      this.#handOn(head.chunk);
    }
  }

  #handOn(chunk: Buffer | null): void {
    if (chunk === null) this.#context.end();
    else this.#context.emit(chunk);
  }

  #stopTimer(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

/** A stage that only delays: `write` and `end` say until when. */
export function delaying(
  context: StageContext,
  rules: { write(chunk: Buffer, line: DelayLine): void; end?(line: DelayLine): void },
): Stage {
  const line = new DelayLine(context);
  return {
    write: (chunk) => rules.write(chunk, line),
    end: () => (rules.end ? rules.end(line) : line.put(null, line.idleFromMs)),
    release: () => line.release(),
    dispose: () => line.dispose(),
  };
}
