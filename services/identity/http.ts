import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#contracts/errors.ts';
import { listKeys, rotateKeys } from '#contracts/http/identity.ts';
import type { HttpServer } from '#kit/http/server.ts';
import type { Logger } from '#kit/logger.ts';
import { accounts, authenticate, demoPassword } from './accounts.ts';
import type { KeyRing } from './key-ring.ts';
import { contentSecurityPolicy, renderErrorPage, renderLoginPage } from './pages.ts';
import { describeKey } from './signing-keys.ts';

/** What oidc-provider answers itself. Listed one by one: nothing else of it is reachable. */
const protocolRoutes = [
  ['GET', '/.well-known/openid-configuration'],
  ['GET', '/jwks'],
  ['POST', '/token'],
  ['GET', '/auth'],
  ['POST', '/auth'],
  ['GET', '/auth/:uid'],
  ['GET', '/session/end'],
  ['POST', '/session/end'],
  ['POST', '/session/end/confirm'],
  ['GET', '/session/end/success'],
] as const;

type Deps = { keyRing: KeyRing; log: Logger };

export function serveHttp(server: HttpServer, deps: Deps): void {
  const { app } = server;
  for (const [method, url] of protocolRoutes) {
    app.route({
      method,
      url,
      // Handed over before fastify reads the body, because the provider reads it itself.
      onRequest: async (request, reply) => {
        reply.hijack();
        reply.raw.setHeader('x-request-id', request.id);
        pageHeaders(reply.raw);
        await deps.keyRing.provider().callback()(request.raw, reply.raw);
      },
      handler: () => undefined,
    });
  }
  addInteractionRoutes(app, deps);
  server.route(listKeys, () => ({ status: 200, body: { keys: deps.keyRing.keys().map(describeKey) } }));
  server.route(rotateKeys, async ({ principal, log }) => {
    const keys = await deps.keyRing.rotate();
    log.info({ subject: principal.subject, kid: keys[0]?.kid }, 'signing key rotated');
    return { status: 200, body: { keys: keys.map(describeKey) } };
  });
}

type Form = { Params: { uid: string }; Body: unknown };

/** The login page. The provider keeps the interaction in a cookie bound to `uid`, so a foreign form cannot post here. */
function addInteractionRoutes(app: FastifyInstance, { keyRing, log }: Deps): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 4_096 },
    async (_request: FastifyRequest, body: string | Buffer) => new URLSearchParams(String(body)),
  );

  app.get<Form>('/interaction/:uid', async (request, reply) => {
    const interaction = await openInteraction(request, reply);
    return interaction === null ? reply : sendPage(reply, 200, loginPage(interaction.uid, null, null));
  });

  app.post<Form>('/interaction/:uid/login', async (request, reply) => {
    const interaction = await openInteraction(request, reply);
    if (interaction === null) return reply;
    const { username, password } = credentials(request.body);
    const account = authenticate(username, password);
    if (account === null) {
      log.warn({ username: username.slice(0, 64) }, 'sign-in refused');
      return sendPage(reply, 401, loginPage(interaction.uid, username, 'Wrong password. Try again.'));
    }
    log.info({ subject: account.sub, roles: account.roles }, 'signed in');
    return finish(request, reply, { login: { accountId: account.sub } });
  });

  app.post<Form>('/interaction/:uid/abort', async (request, reply) => {
    if ((await openInteraction(request, reply)) === null) return reply;
    return finish(request, reply, { error: 'access_denied', error_description: 'The user cancelled the sign-in' });
  });

  async function openInteraction(request: FastifyRequest<Form>, reply: FastifyReply) {
    try {
      const interaction = await keyRing.provider().interactionDetails(request.raw, reply.raw);
      if (interaction.uid === request.params.uid && interaction.prompt.name === 'login') return interaction;
    } catch (error) {
      if (!isOidcError(error)) throw error;
    }
    sendPage(
      reply,
      404,
      renderErrorPage('invalid_request', 'This sign-in has expired or was begun in another browser'),
    );
    return null;
  }

  async function finish(
    request: FastifyRequest,
    reply: FastifyReply,
    result: Parameters<ReturnType<KeyRing['provider']>['interactionResult']>[2],
  ) {
    const returnTo = await keyRing
      .provider()
      .interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false });
    return reply.redirect(returnTo, 303);
  }
}

function loginPage(uid: string, username: string | null, error: string | null): string {
  return renderLoginPage({ uid, clientName: 'Orrery', accounts, password: demoPassword, username, error });
}

function credentials(body: unknown): { username: string; password: string } {
  if (!(body instanceof URLSearchParams)) throw new AppError('unsupported_media_type', 'a form is expected');
  return { username: body.get('username') ?? '', password: body.get('password') ?? '' };
}

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  pageHeaders(reply.raw);
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function pageHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('content-security-policy', contentSecurityPolicy);
  response.setHeader('x-content-type-options', 'nosniff');
  // Not no-referrer: browsers then send `Origin: null` with the login form, which admission refuses.
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

function isOidcError(error: unknown): boolean {
  return error instanceof Error && 'error' in error && 'status' in error;
}
