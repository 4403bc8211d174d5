import type { Fleet } from '../fleet.ts';
import { type Exchange, eventsIn } from './judge-http.ts';

export type Asked = Exchange & { json: Record<string, unknown> };

export type Recorder = {
  /** Everything that was asked and answered so far. */
  exchanges: readonly Exchange[];
  /** Asks a service of the fleet, past the gateway unless it is the gateway, and remembers what came of it. */
  ask: (service: string, method: string, path: string, options?: AskOptions) => Promise<Asked>;
  /** Listens to a stream until the first event is there, then leaves. */
  listen: (service: string, path: string) => Promise<Asked>;
};

export type AskOptions = {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: string;
  headers?: Readonly<Record<string, string>>;
  /** `null`: none. */
  token?: string | null;
};

/** Records what a client of the fleet's HTTP APIs sees; the token of the service goes along unless a request says otherwise. */
export function recordHttp(fleet: Fleet, tokenOf: (service: string) => string): Recorder {
  const exchanges: Exchange[] = [];

  async function send(service: string, method: string, path: string, options: AskOptions, signal: AbortSignal) {
    const { port } = fleet.state().processes[service] ?? {};
    if (port === undefined || port === null) throw new Error(`${service} has no port`);
    const bearer = options.token === undefined ? tokenOf(service) : options.token;
    const body = options.raw ?? (options.body === undefined ? null : JSON.stringify(options.body));
    return fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === null ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      body,
      signal,
    });
  }

  function keep(service: string, method: string, path: string, response: Response, body: string, sent: unknown): Asked {
    const exchange: Exchange = {
      ...{ service, method, path, status: response.status, body },
      headers: Object.fromEntries(response.headers),
      ...(sent === undefined ? {} : { sent }),
    };
    exchanges.push(exchange);
    const isJson = exchange.headers['content-type']?.includes('json') ?? false;
    return { ...exchange, json: isJson ? (JSON.parse(body) as Record<string, unknown>) : {} };
  }

  return {
    exchanges,
    async ask(service, method, path, options = {}) {
      const response = await send(service, method, path, options, AbortSignal.timeout(15_000));
      return keep(service, method, path, response, await response.text(), options.body);
    },
    async listen(service, path) {
      const leaving = new AbortController();
      const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(30_000)]);
      const response = await send(service, 'GET', path, {}, signal);
      const decoder = new TextDecoder();
      let seen = '';
      for await (const chunk of response.body ?? []) {
        seen += decoder.decode(chunk, { stream: true });
        if (eventsIn(seen).length > 0) break;
      }
      leaving.abort();
      return keep(service, 'GET', path, response, seen, undefined);
    },
  };
}
