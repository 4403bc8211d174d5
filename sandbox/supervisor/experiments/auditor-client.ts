import { AppError, Problem } from '#contracts/errors.ts';
import { AuditBoard, FinalAudit } from '#contracts/sandbox/audit.ts';

export type AuditorClient = ReturnType<typeof createAuditorClient>;

const withinMs = 3_000;

/** What experiments ask the auditor. Rejects with what it answered, or `unavailable`. */
export function createAuditorClient({ url, token }: { url(): string; token: string }) {
  async function ask(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url()}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(withinMs),
    }).catch((cause: unknown) => {
      throw new AppError('unavailable', 'the auditor does not answer', { cause });
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const problem = Problem.parse(answer);
    throw new AppError(problem.code, problem.detail);
  }
  return {
    board: async () => AuditBoard.parse(await ask('/v1/verdicts')),
    final: async () => FinalAudit.parse(await ask('/v1/final')),
    startFinal: async (timeoutMs: number) => FinalAudit.parse(await ask('/v1/final', { timeoutMs })),
  };
}
