/** One direction of one connection: from one socket to the other, through the toxics that were drawn for it. */
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Stage } from '../kinds/kind.ts';
import { seededRandom } from '../random.ts';
import type { Toxic } from './toxic.ts';

export type LinkHooks = {
  clock: Clock;
  /** Number of the connection on its proxy, from 1. */
  connection: number;
  received(bytes: number): void;
  close(): void;
  reset(): void;
};

/** A toxic on this link. `stage` is null where the draw spared the connection. */
type Place = { toxic: Toxic; stage: Stage | null; next: Place | null };

/** What may wait inside the toxics before the source is no longer read; delays need room, memory has an end. */
const mostHeldBytes = 4 * 1024 * 1024;

export class Link {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #hooks: LinkHooks;
  #places: Place[] = [];
  #first: Place | null = null;
  #heldBytes = 0;
  #ended = false;

  constructor(source: Socket, sink: Socket, hooks: LinkHooks) {
    this.#source = source;
    this.#sink = sink;
    this.#hooks = hooks;
    source.on('data', (chunk: Buffer) => this.#take(chunk));
    source.on('end', () => this.#end(this.#first));
    sink.on('drain', () => this.#goOn());
  }

  /** Puts these toxics on the link, in this order. Those that are gone hand on what they hold. */
  apply(toxics: readonly Toxic[]): void {
    if (toxics.length === 0 && this.#places.length === 0) return;
    // First to last: what one hands on still passes those behind it.
    for (const place of this.#places) if (!toxics.includes(place.toxic)) place.stage?.release();
    const before = new Map(this.#places.map((place) => [place.toxic, place]));
    this.#places = toxics.map((toxic) => before.get(toxic) ?? this.#place(toxic));
    let next: Place | null = null;
    for (const place of this.#places.toReversed()) {
      place.next = next;
      if (place.stage !== null) next = place;
    }
    this.#first = next;
    this.#goOn();
  }

  dispose(): void {
    for (const place of this.#places) place.stage?.dispose();
    this.#places = [];
    this.#first = null;
  }

  #place(toxic: Toxic): Place {
    const place: Place = { toxic, stage: null, next: null };
    const random = seededRandom(`${toxic.seed}/${toxic.name}/${this.#hooks.connection}`);
    if (random() >= toxic.toxicity) return place;
    place.stage = toxic.kind.stage(toxic.attributes, {
      clock: this.#hooks.clock,
      random,
      emit: (chunk) => this.#give(chunk, place.next),
      end: () => this.#end(place.next),
      dropped: (bytes) => this.#left(bytes),
      close: () => this.#hooks.close(),
      reset: () => this.#hooks.reset(),
      hit: () => {
        toxic.hits.count += 1;
      },
    });
    return place;
  }

  #take(chunk: Buffer): void {
    this.#hooks.received(chunk.length);
    if (this.#first === null) {
      if (!this.#sink.write(chunk)) this.#source.pause();
      return;
    }
    this.#heldBytes += chunk.length;
    this.#first.stage?.write(chunk);
    if (this.#heldBytes > mostHeldBytes) this.#source.pause();
  }

  #give(chunk: Buffer, to: Place | null): void {
    if (to !== null) {
      to.stage?.write(chunk);
      return;
    }
    if (!this.#sink.destroyed && !this.#sink.writableEnded && !this.#sink.write(chunk)) this.#source.pause();
    this.#left(chunk.length);
  }

  #left(bytes: number): void {
    this.#heldBytes -= bytes;
    this.#goOn();
  }

  #end(to: Place | null): void {
    if (to !== null) {
      to.stage?.end();
      return;
    }
    if (this.#ended) return;
    this.#ended = true;
    this.#sink.end();
  }

  #goOn(): void {
    if (this.#source.isPaused() && this.#heldBytes <= mostHeldBytes && !this.#sink.writableNeedDrain) {
      this.#source.resume();
    }
  }
}
