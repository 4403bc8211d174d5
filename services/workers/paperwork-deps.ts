import type { Clock } from '#kit/clock.ts';
import type { Typefaces } from './invoice/typeface.ts';

/** What papers need from outside. */
export type PaperworkDeps = {
  /** Name of this process, as the producer of its events. */
  producer: string;
  clock: Clock;
  typefaces: Typefaces;
};
