import type { IncomingMessage } from 'node:http';
import { AppError } from '#contracts/errors.ts';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Refuses what a web page could send: a name rebound to this address (Host), and any request that a browser made.
 * Toxiproxy's clients have no way to send a token, so this is the whole guard, as it is in Toxiproxy (User-Agent).
 */
export function refuseBrowsers(request: IncomingMessage): void {
  const host = request.headers.host ?? '';
  if (!loopbackNames.has(host.replace(/:\d+$/, '').toLowerCase())) {
    throw new AppError('forbidden', `host "${host.slice(0, 80)}" is not served here; use 127.0.0.1 or localhost`);
  }
  const { origin, 'sec-fetch-site': site, 'user-agent': agent } = request.headers;
  if (origin !== undefined || (site !== undefined && site !== 'none')) {
    throw new AppError('forbidden', 'requests from web pages are not answered');
  }
  if (agent?.startsWith('Mozilla/')) throw new AppError('forbidden', 'User agent not allowed');
}
