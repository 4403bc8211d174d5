import { context } from '#app/api/_server/context.ts';
import { errorCodes, isAppError } from '#contracts/errors.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';

export const dynamic = 'force-dynamic';

/** The report of an experiment as one HTML file to keep or to send. */
export async function GET(request: Request, { params }: { params: Promise<{ run: string }> }): Promise<Response> {
  const { run } = await params;
  if (!ExperimentRun.shape.run.safeParse(run).success) return text(404, 'There is no such run.');
  try {
    const report = await context().supervisor.experimentReport(run, request.signal);
    return new Response(report.body, {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        // Never shown from here: it would be a page of this origin.
        'Content-Disposition': `attachment; filename="experiment-${run}.html"`,
        'Cache-Control': 'private, no-store',
        'X-Content-Type-Options': 'nosniff',
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
