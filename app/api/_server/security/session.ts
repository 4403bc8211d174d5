import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The launch URL carries a token; the browser gets a value derived from it instead, so that neither a cookie jar nor a
 * history entry is enough to make the other. A new launch token ends every session.
 */
export function sessionValue(launchToken: string): string {
  return createHmac('sha256', launchToken).update('orrery console session v1').digest('base64url');
}

/** Cookies ignore the port, so the name carries it: two consoles on one machine do not log each other out. */
export function sessionCookieName(port: number): string {
  return `orrery_session_${port}`;
}

/** `Set-Cookie` of a session: ends with the browser. No `Secure`: the console is plain HTTP on loopback. */
export function sessionCookie(launchToken: string, port: number): string {
  return `${sessionCookieName(port)}=${sessionValue(launchToken)}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Compares in constant time. */
export function isSame(given: string | null | undefined, expected: string): boolean {
  if (!given) return false;
  const one = createHmac('sha256', 'compare').update(given).digest();
  const other = createHmac('sha256', 'compare').update(expected).digest();
  return timingSafeEqual(one, other);
}
