import { AppError } from '#contracts/errors.ts';
import type { PatternName, PatternPart, PatternStatus } from '#contracts/sandbox/control-channel.ts';
import { type Clock, instant, systemClock } from '../clock.ts';
import type { Logger } from '../logger.ts';

export type PatternDescription = {
  /** What it does here, in one sentence. */
  description: string;
  /** Invariants that may break while it is off; empty for a pattern that cannot be switched off. */
  threatens: readonly string[];
  switchable?: boolean;
};

/** The reliability patterns of one process: their figures, and for teaching, their switches. */
export type Patterns = {
  /** Declares a pattern; declaring it again adds nothing. */
  declare(name: PatternName, description: PatternDescription): void;
  /** Adds a source of figures to a declared pattern: one part per upstream, topic or route. Asked only when looked at. */
  observe(name: PatternName, parts: () => readonly PatternPart[] | Promise<readonly PatternPart[]>): void;
  /** True unless it was switched off. */
  isOn(name: PatternName): boolean;
  /** Throws `not_found` for a pattern that this process has not, `conflict` for one that has no switch. */
  set(name: PatternName, enabled: boolean): Promise<PatternStatus>;
  list(): Promise<PatternStatus[]>;
};

export function createPatterns({ log, clock = systemClock }: { log: Logger; clock?: Clock }): Patterns {
  const declared = new Map<PatternName, PatternDescription>();
  const sources = new Map<PatternName, (() => readonly PatternPart[] | Promise<readonly PatternPart[]>)[]>();
  const off = new Map<PatternName, string>();

  async function status(name: PatternName, known: PatternDescription): Promise<PatternStatus> {
    const parts = await Promise.all((sources.get(name) ?? []).map((source) => source()));
    return {
      pattern: name,
      description: known.description,
      enabled: !off.has(name),
      offSince: off.get(name) ?? null,
      switchable: known.switchable ?? true,
      threatens: [...known.threatens],
      parts: parts.flat(),
    };
  }

  return {
    declare: (name, description) => {
      if (!declared.has(name)) declared.set(name, description);
    },
    observe: (name, parts) => {
      sources.set(name, [...(sources.get(name) ?? []), parts]);
    },
    isOn: (name) => off.size === 0 || !off.has(name),
    async set(name, enabled) {
      const known = declared.get(name);
      if (known === undefined) throw new AppError('not_found', `this service has no pattern "${name}"`);
      if (known.switchable === false) throw new AppError('conflict', `pattern "${name}" cannot be switched off`);
      if (enabled && off.delete(name)) log.warn({ pattern: name }, 'pattern is on again');
      else if (!enabled && !off.has(name)) {
        off.set(name, instant(clock));
        log.warn({ pattern: name, threatens: known.threatens }, 'PATTERN IS SWITCHED OFF');
      }
      return status(name, known);
    },
    list: () => Promise.all([...declared].map(([name, known]) => status(name, known))),
  };
}
