import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '#contracts/errors.ts';

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];

/** Whom a server answers. Loopback is always allowed; a port does not matter, since an edge may be proxied. */
export type Admission = { hosts: ReadonlySet<string>; origins: ReadonlySet<string> };

export function createAdmission(options: { hosts: string; origins: string }): Admission {
  return { hosts: new Set([...loopbackHosts, ...list(options.hosts)]), origins: new Set(list(options.origins)) };
}

/**
 * Localhost is no security boundary: any page in the user's browser can send requests here. Refuses requests
 * addressed to a foreign host name (DNS rebinding) and requests that a browser sends on behalf of another site.
 * Throws `forbidden`.
 */
export function assertAdmitted(headers: IncomingHttpHeaders, admission: Admission): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!admission.hosts.has(host)) throw new AppError('forbidden', `host "${host}" is not served here`);
  const { origin } = headers;
  if (origin !== undefined && admission.origins.has(origin)) return;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') {
    throw new AppError('forbidden', 'requests from other sites are refused');
  }
  if (origin !== undefined && !isOwnOrigin(origin, headers.host)) {
    throw new AppError('forbidden', `origin "${origin}" is not allowed`);
  }
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}
