import { AppError } from '#contracts/errors.ts';

export type HostPort = { host: string; port: number };

/** Reads `host:port`; `field` is named in the error. Throws `invalid_argument`. */
export function parseAddress(text: string, field: string): HostPort {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) {
    throw new AppError('invalid_argument', `${field}: "${text.slice(0, 100)}" is not host:port`);
  }
  return { host: bracketed ?? plain ?? '', port };
}

const loopback = new Set(['', 'localhost', '127.0.0.1']);

/** Where a proxy may listen: on 127.0.0.1 only, whichever way that is written. Throws `invalid_argument`. */
export function parseListen(text: string): HostPort {
  const { host, port } = parseAddress(text, 'listen');
  if (!loopback.has(host)) {
    throw new AppError(
      'invalid_argument',
      `listen: "${host.slice(0, 100)}" is not loopback; proxies listen on 127.0.0.1`,
    );
  }
  return { host: '127.0.0.1', port };
}

export function formatAddress({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
