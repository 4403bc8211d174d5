import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

export type Role = 'shopper' | 'operator' | 'auditor';

/**
 * One HTTP operation as data. The server validates with it, the typed client calls with it, OpenAPI is rendered
 * from it. `path` uses `:name` parameters. Errors are always problem+json; most follow from the rest and need not be listed.
 */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  description?: string;
  params?: z.ZodType;
  query?: z.ZodType;
  headers?: z.ZodType;
  body?: z.ZodType;
  /** Schema per success status; `null` for a body that is not JSON (a PDF, an event stream). */
  responses: Partial<Record<200 | 201 | 202 | 204, z.ZodType | null>>;
  /** What a body that is not JSON is; its `events` by name, when it is a stream of them. */
  media?: { type: 'application/pdf' } | { type: 'text/event-stream'; events: Readonly<Record<string, z.ZodType>> };
  /** Fields of the header of a success, by name: what it says. */
  answerHeaders?: Readonly<Record<string, string>>;
  /**
   * How it fails in ways that do not follow from the rest (`errorsOf`), and when. Anything that depends on somebody else
   * names who that is.
   */
  errors?: Partial<Record<ErrorCode, string>>;
  /** Roles that may call it; absent means no token is needed. */
  roles?: readonly Role[];
  /** Needs the API key that the two sides share, as a bearer token. */
  apiKey?: true;
};

/** Keeps the literal types of a route definition. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}
