import { type NextRequest, NextResponse } from 'next/server';
import { contentSecurityPolicy, hardeningHeaders } from '#app/api/_server/security/csp.ts';
import { csrfHeader, guard } from '#app/api/_server/security/guard.ts';
import { goOnPage, refusalPage, signInCommand, signInPage } from '#app/api/_server/security/pages.ts';
import { sessionCookie, sessionCookieName } from '#app/api/_server/security/session.ts';

/**
 * Runs before every request, files included: localhost is not a security boundary (DESIGN §6). The decision is in
 * guard.ts; this only speaks HTTP. No matcher, so that nothing is forgotten.
 */
export function proxy(request: NextRequest): Response {
  const port = Number(process.env.PORT ?? 3000);
  const launchToken = process.env.CONSOLE_LAUNCH_TOKEN;
  if (!launchToken) return html(503, refusalPage('CONSOLE_LAUNCH_TOKEN is not set. Start the console with: npm start'));
  const header = (name: string) => request.headers.get(name);
  const verdict = guard(
    {
      method: request.method,
      path: request.nextUrl.pathname,
      search: request.nextUrl.search,
      host: header('host'),
      origin: header('origin'),
      secFetchSite: header('sec-fetch-site'),
      secFetchMode: header('sec-fetch-mode'),
      secFetchDest: header('sec-fetch-dest'),
      session: request.cookies.get(sessionCookieName(port))?.value ?? null,
      csrf: header(csrfHeader),
      contentLength: header('content-length'),
    },
    { port, launchToken },
  );
  switch (verdict.kind) {
    case 'pass':
      return pass(request);
    case 'refuse':
      return html(verdict.status, refusalPage(verdict.reason));
    case 'unauthenticated':
      return request.nextUrl.pathname.startsWith('/api/') ? signedOut() : html(401, signInPage());
    case 'reload':
      return html(200, goOnPage(verdict.location));
    case 'exchange': {
      const cookie = { 'Set-Cookie': sessionCookie(launchToken, port) };
      if (verdict.crossSite) return html(200, goOnPage(verdict.location), cookie);
      return new Response(null, {
        status: 303,
        // Next wants it absolute; the host has just been checked against the list.
        headers: { ...hardeningHeaders, ...cookie, Location: `http://${header('host')}${verdict.location}` },
      });
    }
    default:
      return verdict satisfies never;
  }
}

function pass(request: NextRequest): Response {
  const nonce = crypto.randomUUID().replaceAll('-', '');
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next reads the nonce from here and puts it on its own scripts.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy);
  for (const [name, value] of Object.entries(hardeningHeaders)) response.headers.set(name, value);
  return response;
}

/** For programs: the same 401 as a problem document (RFC 9457). */
function signedOut(): Response {
  const detail = `This browser has no session. Run: ${signInCommand()}`;
  const problem = {
    type: '/problems/unauthenticated',
    title: 'Not signed in',
    status: 401,
    code: 'unauthenticated',
    detail,
  };
  return Response.json(problem, {
    status: 401,
    headers: { ...hardeningHeaders, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
  });
}

function html(status: number, body: string, more: Record<string, string> = {}): Response {
  return new Response(body, {
    status,
    headers: {
      ...hardeningHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      'Cache-Control': 'no-store',
      ...more,
    },
  });
}
