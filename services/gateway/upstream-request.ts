import type { Route } from '#contracts/http/route.ts';

type Values = Record<string, unknown>;

/**
 * Path and query for the upstream, built anew from the values that the contract let through: what the contract does
 * not name does not travel, and an encoded slash cannot become another path.
 */
export function upstreamPath(route: Route, params: Values, query: Values): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}
