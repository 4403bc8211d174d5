import type { z } from 'zod';
import type { FaultTarget, FaultTopic } from '#contracts/sandbox/chaos.ts';
import type { Footprint } from '#contracts/telemetry/faults.ts';
import type { World } from './world.ts';

export type Parameters = Record<string, number | string>;

export type Injecting<P> = { id: string; target: string; parameters: P; ttlMs: number; seed: string; world: World };

/** A fault that is on. */
export type Injection = {
  /** How often it has touched something; null when the injector no longer knows of it. */
  hits(): Promise<number | null>;
  /** True when what it does is done and nothing is left to revert; a lasting fault has none. */
  over?(): Promise<boolean>;
  /** Undoes it. Called again after a failure, so it must not mind that nothing is left to undo. */
  revert(): Promise<void>;
  /** Rejects, with what is still wrong, while the fault can be felt. */
  verify(): Promise<void>;
};

/** One entry of the catalogue. Forms, help and validation are derived from it. */
export type Fault<P extends Parameters = Parameters> = {
  name: string;
  code: `F-${string}`;
  title: string;
  topic: FaultTopic;
  mechanism: string;
  expect: string;
  threatens: readonly string[];
  /** Each field has limits, a default and a description with its unit. */
  parameters: z.ZodObject<z.ZodRawShape, z.core.$strict> & z.ZodType<P>;
  targets(world: World): FaultTarget[];
  inject(order: Injecting<P>): Promise<Injection>;
  /**
   * Which spans it touches, for the telemetry store to mark. Absent or null where the injector marks them itself, or
   * where nobody is touched.
   */
  footprint?(run: { target: string; parameters: P }, world: World): Footprint | null;
};

/** Keeps the type of the parameters between schema and injection, and loses it for the registry. */
export function defineFault<P extends Parameters>(fault: Fault<P>): Fault {
  return fault as unknown as Fault;
}
