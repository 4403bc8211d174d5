import type { FaultWindow } from '#contracts/telemetry/faults.ts';
import { type Edge, edgeOf } from '../../red/edge.ts';
import { isFailure } from '../../red/red.ts';
import type { TraceReader } from './read-trace.ts';
import type { Tempo } from './tempo.ts';

/** Which part of the errors of a service or an edge faults have caused, 0–1. */
export type InjectedShares = { ofService(service: string): number; ofEdge(edge: Edge): number };

/** Traces with errors that are looked at: metrics do not tell which of them a fault has touched. */
const mostTraces = 100;
/** A fault shows in traces that end after it. */
const aftermathMs = 30_000;

const none: InjectedShares = { ofService: () => 0, ofEdge: () => 0 };

/** From the newest traces with errors, while there was a fault; without one no error is injected. */
export async function readInjectedShares(
  { tempo, reader }: { tempo: Tempo; reader: TraceReader },
  windows: readonly FaultWindow[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
  signal: AbortSignal,
): Promise<InjectedShares> {
  if (!windows.some(({ untilMs }) => untilMs === null || untilMs + aftermathMs >= fromMs)) return none;
  const [fromNano, toNano] = [fromMs, toMs].map((ms) => BigInt(Math.floor(ms)) * 1_000_000n) as [bigint, bigint];
  const found = await tempo.search({ query: '{ status = error }', fromNano, toNano, limit: mostTraces }, signal);
  const tallies = new Map<string, { errors: number; injected: number }>();
  const count = (key: string, injected: boolean): void => {
    const tally = tallies.get(key) ?? { errors: 0, injected: 0 };
    tallies.set(key, { errors: tally.errors + 1, injected: tally.injected + (injected ? 1 : 0) });
  };
  for (const { spans, injected: caused } of await reader.readAll(found, signal)) {
    for (const span of spans.filter(isFailure)) {
      const injected = caused.has(span.spanId);
      const edge = edgeOf(span);
      if (span.kind === 'server' || span.kind === 'consumer') count(span.service, injected);
      if (edge !== null) count(keyOf(edge), injected);
    }
  }
  const share = (key: string): number => {
    const { errors = 0, injected = 0 } = tallies.get(key) ?? {};
    return errors === 0 ? 0 : injected / errors;
  };
  return { ofService: share, ofEdge: (edge) => share(keyOf(edge)) };
}

function keyOf({ protocol, from, to }: Edge): string {
  return `${protocol} ${from} ${to}`;
}
