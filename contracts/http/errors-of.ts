import type { ErrorCode } from '../errors.ts';
import type { Route } from './route.ts';

/** Whatever is asked: a foreign Host or Origin, too much work for this process, a bug, a process that stops. */
const always: readonly ErrorCode[] = ['forbidden', 'rate_limited', 'internal', 'unavailable'];

/**
 * Every way in which a route can fail, with what it means there, or null where the code says it all. `behindEdge`: the
 * gateway answers for somebody else, who may be late or broken.
 */
export function errorsOf(route: Route, behindEdge: boolean): Map<ErrorCode, string | null> {
  const { params, query, headers, body, roles, apiKey, errors = {} } = route;
  const codes = new Set<ErrorCode>([
    ...always,
    ...((params ?? query ?? headers ?? body) ? (['invalid_argument'] as const) : []),
    ...(roles !== undefined || apiKey === true ? (['unauthenticated'] as const) : []),
    ...(body === undefined ? [] : (['payload_too_large', 'unsupported_media_type', 'unprocessable'] as const)),
    ...(behindEdge ? (['dependency_failed', 'deadline_exceeded'] as const) : []),
    ...(Object.keys(errors) as ErrorCode[]),
  ]);
  return new Map([...codes].map((code) => [code, errors[code] ?? null]));
}
