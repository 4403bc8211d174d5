import { z } from 'zod';
import type { Clock } from '../clock.ts';

/** What a toxic may do with the one direction of the one connection that it sits on. */
export type StageContext = {
  clock: Clock;
  random(): number;
  /** Hands bytes on to the next toxic, or to the socket. */
  emit(chunk: Buffer): void;
  /** Hands the end of the stream on. */
  end(): void;
  /** Says that so many bytes will never be handed on. */
  dropped(bytes: number): void;
  /** Closes the connection, both ways, after what was handed on has left. */
  close(): void;
  /** Resets the connection, both ways (TCP RST). */
  reset(): void;
  /** Counts that this toxic has changed something. */
  hit(): void;
};

/** A toxic at work on one direction of one connection. */
export type Stage = {
  write(chunk: Buffer): void;
  end(): void;
  /** The toxic is gone: hand on at once what is held, forget timers. */
  release(): void;
  /** The connection is gone: forget timers. */
  dispose(): void;
};

export type ToxicKind<Attributes extends Record<string, number> = Record<string, number>> = {
  /** As in Toxiproxy's API. */
  type: string;
  attributes: z.ZodType<Attributes>;
  stage(attributes: Attributes, context: StageContext): Stage;
};

/** Keeps the type of the attributes between schema and stage, and loses it for the table of kinds. */
export function defineToxic<Attributes extends Record<string, number>>(kind: ToxicKind<Attributes>): ToxicKind {
  return {
    type: kind.type,
    attributes: kind.attributes,
    stage: (attributes, context) => kind.stage(attributes as Attributes, context),
  };
}

/** Longest delay that a toxic takes: past an hour nobody waits, and setTimeout ends at 24 days. */
const mostMs = 3_600_000;

/** Whole milliseconds; missing means 0, as in Toxiproxy. */
export const milliseconds = z.int().min(0).max(mostMs).default(0);

export const bytes = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
