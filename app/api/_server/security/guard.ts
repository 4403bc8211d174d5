import { isAllowedHost } from './host.ts';
import { classifySource, type RequestSource } from './origin.ts';
import { isSame, sessionValue } from './session.ts';

/** Header that our client sets and that no cross-origin form or image can. */
export const csrfHeader = 'x-orrery-csrf';

/** Bodies past this are refused: the largest legitimate one is an order of 50 lines. */
export const maxBodyBytes = 256 * 1024;

export type GuardedRequest = Omit<RequestSource, 'host'> & {
  host: string | null;
  path: string;
  /** Query string with its `?`, or empty. */
  search: string;
  session: string | null;
  csrf: string | null;
  contentLength: string | null;
};

export type GuardConfig = { port: number; launchToken: string };

export type Verdict =
  | { kind: 'pass' }
  | { kind: 'refuse'; status: 400 | 403 | 413 | 421; reason: string }
  /** No session: an explanation for a person, 401. */
  | { kind: 'unauthenticated' }
  /** The launch token was right: set the cookie and go to the clean address. */
  | { kind: 'exchange'; location: string; crossSite: boolean }
  /** A link from another site: the strict cookie was held back, so load the address once more from our own page. */
  | { kind: 'reload'; location: string };

const healthPaths = new Set(['/health/live', '/health/ready']);

/** Decides on every request to the console, in order: host, source, launch token, session, CSRF header, size. */
export function guard(request: GuardedRequest, config: GuardConfig): Verdict {
  const { host, path, method } = request;
  if (host === null || !isAllowedHost(host, config.port)) {
    return { kind: 'refuse', status: 421, reason: 'This console answers on 127.0.0.1 and localhost only.' };
  }
  const reading = method === 'GET' || method === 'HEAD';
  if (reading && healthPaths.has(path)) return { kind: 'pass' };

  const source = classifySource({ ...request, host });
  const page = !path.startsWith('/api/') && !path.startsWith('/_next/');
  if (source === 'foreign' || (source === 'link' && !page)) {
    return { kind: 'refuse', status: 403, reason: 'Requests from other origins are refused.' };
  }

  const query = new URLSearchParams(request.search);
  const token = query.get('token');
  if (token !== null && page && reading && isSame(token, config.launchToken)) {
    query.delete('token');
    return { kind: 'exchange', location: address(path, query), crossSite: source === 'link' };
  }
  if (!isSame(request.session, sessionValue(config.launchToken))) {
    if (source === 'link') return { kind: 'reload', location: address(path, query) };
    return { kind: 'unauthenticated' };
  }
  if (!reading && request.csrf === null) {
    return { kind: 'refuse', status: 403, reason: `Changes need the ${csrfHeader} header.` };
  }
  if (request.contentLength !== null) {
    const bytes = Number(request.contentLength);
    if (!Number.isInteger(bytes) || bytes < 0) return { kind: 'refuse', status: 400, reason: 'Bad Content-Length.' };
    if (bytes > maxBodyBytes) return { kind: 'refuse', status: 413, reason: `At most ${maxBodyBytes} bytes.` };
  }
  return { kind: 'pass' };
}

/** Local address only: a path that begins with two slashes would name another host. */
function address(path: string, query: URLSearchParams): string {
  const search = query.toString();
  return `${path.replace(/^[/\\]+/, '/')}${search ? `?${search}` : ''}`;
}
