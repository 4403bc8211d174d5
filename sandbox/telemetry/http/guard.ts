import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { AppError } from '#contracts/errors.ts';

const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/** Names under which requests are taken: loopback, and those of ALLOWED_HOSTS (comma-separated). */
export function servedNames(allowedHosts: string): ReadonlySet<string> {
  const more = allowedHosts.split(',').map((name) => name.trim().toLowerCase());
  return new Set([...loopbackNames, ...more.filter((name) => name !== '')]);
}

/**
 * Refuses what a web page could send: a name that was rebound to this address (Host), and any request that a browser
 * made for another origin. Loopback is no boundary by itself: every page the user opens can reach it.
 */
export function refuseForeign(request: IncomingMessage, served: ReadonlySet<string>): void {
  const host = request.headers.host ?? '';
  // Any port: an edge may run through a proxy on another one.
  if (!served.has(host.replace(/:\d+$/, '').toLowerCase()))
    throw new AppError('forbidden', `host “${host.slice(0, 80)}” is not served here; use 127.0.0.1 or localhost`);
  const { origin, 'sec-fetch-site': site } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new AppError('forbidden', 'requests from other origins are refused');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new AppError('forbidden', 'cross-site requests are refused');
}

/** Compares in time that does not depend on where the two differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Throws unauthenticated unless the request carries `Authorization: Bearer <token>`. */
export function requireBearer(request: IncomingMessage, token: string): void {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!sameSecret(given, token)) throw new AppError('unauthenticated', 'send Authorization: Bearer <TELEMETRY_TOKEN>');
}
