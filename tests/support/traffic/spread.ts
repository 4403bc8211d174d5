import { randomUUID } from 'node:crypto';
import { apis } from '#contracts/http/apis.ts';
import type { Route } from '#contracts/http/route.ts';
import type { AskOptions } from './record-http.ts';

export type Request = { service: string; method: string; path: string; options: AskOptions };

const someId = randomUUID();
/** Over every limit in the fleet. */
const tooLong = `{"reason":"${'x'.repeat(300_000)}"}`;

/** What is no value of the queries that have no default for everything. */
const wrongQueries: Readonly<Record<string, string>> = {
  '/orders': '?limit=-5',
  '/products': '?category=weapons',
  '/stock': '?category=weapons',
  '/search': '?q=',
  '/recommendations': '',
  '/prices': '?skus=LAMP-001&skus=LAMP-001',
  '/stream': '?orderId=42',
  '/sagas': '?limit=0',
  '/sagas/stats': '?windowSeconds=1',
  '/payments': '?limit=0',
  '/mailbox': '?limit=0',
  '/v1/charges': '?limit=0',
};

/** Requests that every operation of every service must refuse, each in each way in which it can be asked wrongly. */
export function wrongRequests(): Request[] {
  return Object.entries(apis).flatMap(([service, { routes }]) =>
    (routes as readonly Route[]).flatMap((route) =>
      waysToBeWrong(route).map(({ path = pathTo(route, someId), ...options }) => ({
        ...{ service, method: route.method, path },
        options: { ...options, headers: { ...keyOf(route), ...options.headers } },
      })),
    ),
  );
}

function waysToBeWrong(route: Route): (AskOptions & { path?: string })[] {
  const { params, query, body, roles, apiKey, method } = route;
  return [
    { headers: { origin: 'http://evil.example' } },
    ...(roles !== undefined || apiKey === true ? [{ token: null }] : []),
    ...(params !== undefined && body === undefined ? [{ path: pathTo(route, '~') }] : []),
    ...(query !== undefined && method === 'GET'
      ? [{ path: route.path + (wrongQueries[route.path] ?? '?limit=0') }]
      : []),
    ...(body === undefined
      ? []
      : [{ raw: '{"' }, { raw: '{}' }, { raw: tooLong }, { raw: 'hello', headers: { 'content-type': 'text/plain' } }]),
  ];
}

function pathTo({ path }: Route, value: string): string {
  return path.replace(':sku', value === '~' ? '~' : 'NOPE-999').replaceAll(/:[A-Za-z]+/g, value);
}

/** A key of its own where one is due, so that what is wrong is only what is meant to be. */
function keyOf({ headers }: Route): Readonly<Record<string, string>> {
  return headers === undefined ? {} : { 'idempotency-key': randomUUID() };
}
