/** One fault from its injection to the probe that finds it gone. */
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import type { Clock } from './clock.ts';
import type { Injection } from './fault.ts';

export type EndedBy = NonNullable<FaultRun['endedBy']>;

export type LeaseOptions = {
  /** As it is when it has just been armed. */
  run: FaultRun;
  injection: Injection;
  clock: Clock;
  onChange(): void;
};

/** How often the injector is asked for its hits. */
export const lookEveryMs = 300;
/** Between two probes of a revert. */
const probeEveryMs = 250;
/** A process has this long to be ready again; Postgres after a crash needs the most. */
export const mostRevertMs = 45_000;
/** A revert waits this long for the last count: what has been touched is worth less than the end of the fault. */
export const lastCountMs = 2_000;

/** Looks after a fault that has just been injected, and ends it when its time is over. */
export class Lease {
  run: FaultRun;
  readonly #options: LeaseOptions;
  readonly #expiresAtMs: number;
  readonly #cancelExpiry: () => void;
  #cancelLook: () => void = () => {};
  /** False from the decision to end it: an answer that comes later must change nothing. */
  #watching = true;
  #ending: Promise<void> | null = null;
  /** When the injector was last asked and knew of no hit. */
  #noHitAt: string;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.run = options.run;
    this.#noHitAt = options.run.armedAt;
    this.#expiresAtMs = options.clock.now() + options.run.ttlMs;
    // Not for the looks to decide: one may wait for an answer when the time is over.
    this.#cancelExpiry = options.clock.after(options.run.ttlMs, () => void this.end('lease'));
    this.#lookLater();
  }

  /** Reverts it and waits for the probe; a second call waits for the first, or tries again after a failure. */
  end(endedBy: EndedBy): Promise<void> {
    this.#stopWatching();
    this.#ending ??= this.#revert(endedBy).finally(() => {
      if (this.run.state === 'revert-failed') this.#ending = null;
    });
    return this.#ending;
  }

  /** Looks no further; nothing is reverted. */
  forget(): void {
    this.#stopWatching();
    this.#ending ??= Promise.resolve();
  }

  #stopWatching(): void {
    this.#watching = false;
    this.#cancelExpiry();
    this.#cancelLook();
  }

  #lookLater(): void {
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    if (!this.#watching) return;
    const { injection, clock } = this.#options;
    const lookedAt = clock.wall().toISOString();
    // An injector that does not answer now may answer next time.
    const known = await injection.hits().catch(() => this.run.hits);
    const isOver = known === null || (await injection.over?.().catch(() => false)) === true;
    if (!this.#watching) return;
    const hits = Math.max(this.run.hits, known ?? 0);
    if (hits !== this.run.hits) this.#become({ ...this.#counted(hits), state: 'biting' });
    if (hits === 0) this.#noHitAt = lookedAt;
    if (isOver) await this.end(known === null ? this.#whoEnded() : 'itself');
    else this.#lookLater();
  }

  /** The injector ends a lease on its own clock, which may be a moment ahead of ours. */
  #whoEnded(): EndedBy {
    return this.#expiresAtMs - this.#options.clock.now() < 1_000 ? 'lease' : 'injector-gone';
  }

  async #revert(endedBy: EndedBy): Promise<void> {
    const { injection, clock } = this.#options;
    const startedMs = clock.now();
    const known = await answerWithin(lastCountMs, injection.hits(), clock);
    const hits = Math.max(this.run.hits, known ?? 0);
    this.#become({ state: 'reverting', endedBy, ...this.#counted(hits), reason: null });
    for (;;) {
      try {
        await injection.revert();
        await injection.verify();
        const revertMs = Math.round(clock.now() - startedMs);
        this.#become({ state: 'reverted', endedAt: clock.wall().toISOString(), revertMs, reason: null });
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (clock.now() - startedMs >= mostRevertMs) {
          this.#become({ state: 'revert-failed', reason });
          return;
        }
        if (reason !== this.run.reason) this.#become({ reason });
        await new Promise<void>((resolve) => clock.after(probeEveryMs, resolve));
      }
    }
  }

  #counted(hits: number): Partial<FaultRun> {
    return hits > 0 && this.run.hits === 0 ? { hits, bitesSince: this.#noHitAt } : { hits };
  }

  #become(change: Partial<FaultRun>): void {
    this.run = { ...this.run, ...change };
    this.#options.onChange();
  }
}

/** Null where the question fails or is not answered in time. */
function answerWithin<T>(ms: number, question: Promise<T>, clock: Clock): Promise<T | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(null));
    void question
      .catch(() => null)
      .then((answer) => {
        cancel();
        resolve(answer);
      });
  });
}
