import { context } from '#app/api/_server/context.ts';
import { readTimeline, readTraceLogs } from '#app/api/_server/sources/order-story.ts';
import { storyFile } from '#app/api/_server/story-file/story-file.ts';
import { errorCodes, isAppError } from '#contracts/errors.ts';
import { Uuid } from '#contracts/ids.ts';

export const dynamic = 'force-dynamic';

/** The story of an order as one HTML file to keep or to send: what is known now, self-contained. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  if (!Uuid.safeParse(id).success) return text(404, 'There is no such order.');
  const ctx = context();
  try {
    const [{ order, timeline }, topology, { faults }] = await Promise.all([
      readTimeline(ctx, id, request.signal),
      ctx.supervisor.topology(request.signal),
      ctx.supervisor.chaos(request.signal),
    ]);
    const { traceId } = order;
    const [spans, logs] = traceId
      ? await Promise.all([readSpans(traceId, request.signal), readTraceLogs(ctx, traceId, request.signal)])
      : [[], []];
    const colours = new Map(topology.processes.map(({ name, colour }) => [name, colour]));
    const file = storyFile({ order, timeline, spans, logs, faults, colours, atMs: Date.now() });
    return new Response(file, {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        // Never shown from here: it would be a page of this origin.
        'Content-Disposition': `attachment; filename="order-${id}.html"`,
        'Cache-Control': 'private, no-store',
        'X-Content-Type-Options': 'nosniff',
      },
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    return text(errorCodes[error.code].status, error.message);
  }
}

/** A trace of which no span has arrived yet is a story without spans. */
async function readSpans(traceId: string, signal: AbortSignal) {
  try {
    return (await context().telemetry.trace(traceId, signal)).spans;
  } catch (error) {
    if (isAppError(error, 'not_found')) return [];
    throw error;
  }
}

function text(status: number, message: string): Response {
  return new Response(`${message}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
