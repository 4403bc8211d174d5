import type { z } from 'zod';

export type Role = 'shopper' | 'operator' | 'auditor';

/**
 * One HTTP operation as data. The server validates with it, the typed client calls with it, OpenAPI is rendered
 * from it. `path` uses `:name` parameters. Errors are always problem+json and need not be listed.
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
  /** Roles that may call it; absent means no token is needed. */
  roles?: readonly Role[];
};

/** Keeps the literal types of a route definition. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}
