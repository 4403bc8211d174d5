import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';
import { mergeLive } from '../merge-live.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

/** What the map is told, beside `source`: a process changed, traffic of the last minute. */
export type MapUpdate = { kind: 'process'; process: ProcessStatus } | { kind: 'red'; red: RedResult };

/** The first paint comes from `processes.topology`, `processes.list` and `red.now`; this keeps them up to date. */
export const mapRouter = router({
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    async function* processes(until: AbortSignal, onOpen: () => void): AsyncGenerator<MapUpdate> {
      for await (const process of ctx.supervisor.stream(until, onOpen)) yield { kind: 'process', process };
    }
    async function* traffic(until: AbortSignal, onOpen: () => void): AsyncGenerator<MapUpdate> {
      for await (const red of ctx.telemetry.redStream(60, until, onOpen)) yield { kind: 'red', red };
    }
    const open = (until: AbortSignal) =>
      mergeLive<MapUpdate>(
        until,
        [
          { name: 'supervisor', open: processes },
          { name: 'telemetry', open: traffic },
        ],
        { keyOf: (update) => (update.kind === 'red' ? 'red' : `process ${update.process.name}`) },
      );
    let sequence = 0;
    for await (const batch of live(signal, open)) yield tracked(String(++sequence), batch);
  }),
});
