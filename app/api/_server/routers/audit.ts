import { mergeLive } from '../merge-live.ts';
import type { AuditChange } from '../sources/auditor.ts';
import { live, procedure, Resumable, router, tracked } from '../trpc.ts';

/** The first paint comes from `board` and `final`; the stream keeps both up to date. */
export const auditRouter = router({
  board: procedure.query(({ ctx, signal }) => ctx.auditor.board(signal)),
  final: procedure.query(({ ctx, signal }) => ctx.auditor.final(signal)),
  startFinal: procedure.mutation(({ ctx }) => ctx.auditor.startFinal({})),
  stream: procedure.input(Resumable.optional()).subscription(async function* ({ ctx, signal }) {
    const open = (until: AbortSignal) =>
      mergeLive<AuditChange>(until, [{ name: 'auditor', open: (stop, onOpen) => ctx.auditor.stream(stop, onOpen) }], {
        keyOf: ({ kind }) => kind,
      });
    let sequence = 0;
    for await (const batch of live(signal, open)) yield tracked(String(++sequence), batch);
  }),
});
