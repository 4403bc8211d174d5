import { context } from '#app/api/_server/context.ts';

export const dynamic = 'force-dynamic';

/**
 * Ready when the environment is complete and the control API answers. Not when the fleet is well: the console is there
 * to show what is broken.
 */
export async function GET(request: Request): Promise<Response> {
  try {
    await context().supervisor.processes(AbortSignal.any([request.signal, AbortSignal.timeout(1000)]));
    return Response.json({ status: 'ready' });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return Response.json({ status: 'not ready', checks: { supervisor: detail } }, { status: 503 });
  }
}
