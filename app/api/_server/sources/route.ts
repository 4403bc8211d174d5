import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import type { Route } from '#contracts/http/route.ts';
import { sendJson } from './http.ts';

type Output<R extends Route> = {
  [Status in keyof R['responses']]: R['responses'][Status] extends z.ZodType ? z.infer<R['responses'][Status]> : never;
}[keyof R['responses']];

export type CallOptions = {
  process: string;
  baseUrl: string;
  /** Bearer token, where the route has roles. */
  token?: string;
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  signal?: AbortSignal | undefined;
  deadlineMs?: number;
};

/** Path of a route with its parameters and query filled in; null and undefined are left out. */
export function routePath(route: Route, options: Pick<CallOptions, 'params' | 'query'>): string {
  const path = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = options.params?.[name];
    if (value === undefined) throw new AppError('invalid_argument', `${route.path} needs ${name}`);
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== null && value !== undefined) query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** Calls one operation of contracts/http and parses its answer. Throws AppErrors. */
export async function callRoute<const R extends Route>(route: R, options: CallOptions): Promise<Output<R>> {
  const { baseUrl, params: _params, query: _query, ...rest } = options;
  const schema = Object.values(route.responses).find((response) => response !== null && response !== undefined);
  if (!schema) throw new AppError('internal', `${route.method} ${route.path} has no JSON answer`);
  const answer: unknown = await sendJson(schema, {
    ...rest,
    url: `${baseUrl}${routePath(route, options)}`,
    method: route.method,
  });
  return answer as Output<R>;
}
