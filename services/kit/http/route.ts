import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Role, Route } from '#contracts/http/route.ts';
import type { Principal } from '../auth.ts';
import type { Logger } from '../logger.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a handler gets: each part parsed by the route's schemas. */
export type RouteInput<R extends Route> = {
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  headers: Parsed<R['headers']>;
  body: Parsed<R['body']>;
  /** The caller, when the route names roles. */
  principal: R['roles'] extends readonly Role[] ? Principal : null;
  /** Aborted when the caller goes away. */
  signal: AbortSignal;
  log: Logger;
  requestId: string;
  /** For what the data form cannot express, e.g. event streams. */
  raw: { request: FastifyRequest; reply: FastifyReply };
};

type JsonReply<Status, S extends z.ZodType> = { status: Status; body: z.input<S>; headers?: Record<string, string> };
type RawReply<Status> = { status: Status; body?: string | Buffer | Readable; headers?: Record<string, string> };

/** What a handler may answer: one of the declared statuses with a body of its schema. */
export type RouteReply<R extends Route> = {
  [S in keyof R['responses'] & number]: R['responses'][S] extends z.ZodType
    ? JsonReply<S, R['responses'][S]>
    : RawReply<S>;
}[keyof R['responses'] & number] & {
  // Says no more than the line above, but in literals: without it TypeScript widens a handler's `status: 200` to number.
  status: 200 | 201 | 202 | 204;
};

export type RouteHandler<R extends Route> = (
  input: RouteInput<R>,
) => Promise<RouteReply<R> | undefined> | RouteReply<R> | undefined;
