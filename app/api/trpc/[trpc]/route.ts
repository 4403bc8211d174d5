import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { context } from '#app/api/_server/context.ts';
import { log } from '#app/api/_server/log.ts';
import { appRouter } from '#app/api/_server/router.ts';
import { limitBody } from '#app/api/_server/security/limit-body.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  const bounded = await limitBody(request);
  if (!bounded) return Response.json({ error: { message: 'The request is too large.' } }, { status: 413 });
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: bounded,
    router: appRouter,
    createContext: context,
    responseMeta({ type }) {
      // A stream has its connection to itself. Were that kept alive, a browser would come back on it while the server
      // closes, and the server would wait for it for ever.
      return type === 'subscription' ? { headers: new Headers({ Connection: 'close' }) } : {};
    },
    onError({ error, path, type }) {
      if (error.code === 'INTERNAL_SERVER_ERROR') {
        log().error({ err: error.cause ?? error, path, type }, 'procedure failed');
      } else {
        log().debug({ code: error.code, reason: error.message, path, type }, 'procedure refused');
      }
    },
  });
}

export { handle as GET, handle as POST };
