import { context } from '#app/api/_server/context.ts';
import { errorCodes, isAppError } from '#contracts/errors.ts';
import { LoadRun } from '#contracts/sandbox/load.ts';

export const dynamic = 'force-dynamic';

/** The client history of a load run as a download. */
export async function GET(request: Request, { params }: { params: Promise<{ run: string }> }): Promise<Response> {
  const { run } = await params;
  if (!LoadRun.shape.run.safeParse(run).success) return text(404, 'There is no such load run.');
  try {
    const history = await context().supervisor.loadHistory(run, request.signal);
    return new Response(history.body, {
      headers: {
        'Content-Type': 'application/jsonl',
        'Content-Disposition': `attachment; filename="load-${run}.jsonl"`,
        'Cache-Control': 'private, no-store',
      },
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return text(errorCodes[error.code].status, error.message);
  }
}

function text(status: number, message: string): Response {
  return new Response(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
