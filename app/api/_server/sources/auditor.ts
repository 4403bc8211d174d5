import { AppError, isAppError } from '#contracts/errors.ts';
import { AuditBoard, FinalAudit, type FinalRequest } from '#contracts/sandbox/audit.ts';
import { sendJson } from './http.ts';
import { serverSentEvents } from './sse.ts';

export type AuditorSource = ReturnType<typeof auditorSource>;

export type AuditChange = { kind: 'board'; board: AuditBoard } | { kind: 'final'; final: FinalAudit };

/** Client of the auditor's API (contracts/sandbox/audit.ts). Throws AppErrors. */
export function auditorSource({ url, token }: { url: string; token: string }) {
  const at = (path: string, signal?: AbortSignal) => ({ process: 'auditor', url: `${url}${path}`, token, signal });
  return {
    board: (signal?: AbortSignal) => sendJson(AuditBoard, at('/v1/verdicts', signal)),
    /** The newest final audit; null before the first. */
    async final(signal?: AbortSignal): Promise<FinalAudit | null> {
      try {
        return await sendJson(FinalAudit, at('/v1/final', signal));
      } catch (error) {
        if (isAppError(error, 'not_found')) return null;
        throw error;
      }
    },
    startFinal: (request: Partial<FinalRequest>) =>
      sendJson(FinalAudit, { ...at('/v1/final'), method: 'POST', body: request }),
    /** What is now, then every change, until `signal` aborts. */
    async *stream(signal: AbortSignal, onOpen?: () => void): AsyncGenerator<AuditChange> {
      for await (const { event, data } of serverSentEvents(at('/v1/stream', signal))) {
        if (event === 'open') onOpen?.();
        if (event !== 'board' && event !== 'final') continue;
        const body: unknown = JSON.parse(data);
        const board = event === 'board' ? AuditBoard.safeParse(body) : null;
        const final = event === 'final' ? FinalAudit.safeParse(body) : null;
        if (board?.success) yield { kind: 'board', board: board.data };
        else if (final?.success) yield { kind: 'final', final: final.data };
        else throw new AppError('dependency_failed', 'the auditor streamed something unknown');
      }
    },
  };
}
