import type { ToxicKind } from '../kinds/kind.ts';

export type Stream = 'upstream' | 'downstream';

/** A toxic on a proxy. It does not change: an update puts another one in its place. */
export type Toxic = {
  readonly name: string;
  readonly kind: ToxicKind;
  /** `upstream` is from the client to the server. */
  readonly stream: Stream;
  /** Share of connections that it touches, 0–1. */
  readonly toxicity: number;
  readonly attributes: Record<string, number>;
  /** Decisions of this toxic follow from it and from the number of the connection. */
  readonly seed: string;
  /** When it ends by itself, on the clock of the proxies; null without a lease. */
  readonly expiresAtMs: number | null;
  /** Counts what it has touched: chunks, closings, resets. Kept across updates. */
  readonly hits: { count: number };
};
