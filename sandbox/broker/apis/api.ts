import type { Cluster } from '../cluster.ts';
import type { Codec } from '../wire/codec.ts';

/** Address that clients of one listener are told; each listener may stand behind its own proxy. */
export interface Advertised {
  host: string;
  port: number;
}

/** What a handler knows about where the request came from. */
export interface RequestContext {
  version: number;
  clientId: string;
  clientHost: string;
  advertised: Advertised;
  /** Aborted when the connection closes or the broker stops. */
  signal: AbortSignal;
  apis: readonly AnyApi[];
}

/** One Kafka API: its versions, its shapes, its behaviour. ApiVersions is answered from this, so it cannot lie. */
export interface Api<Request, Response> {
  key: number;
  name: string;
  /** Lowest and highest version that `request` and `response` describe and `handle` understands. */
  versions: readonly [min: number, max: number];
  /** First version with compact fields and tagged headers (KIP-482). */
  flexibleSince: number;
  request: Codec<Request>;
  response: Codec<Response>;
  /** Null: nothing is sent back (Produce with acks=0). */
  handle(cluster: Cluster, request: Request, context: RequestContext): Response | null | Promise<Response | null>;
  /** The same refusal for everything in the request: after an exception in `handle`. */
  refuse(request: Request, errorCode: number): Response;
}

/** An API whose request and response types are its own business. */
export type AnyApi = Api<unknown, unknown>;

/** Keeps the request and response types of a definition connected, then forgets them for the registry. */
export function defineApi<Request, Response>(api: Api<Request, Response>): AnyApi {
  return api as unknown as AnyApi;
}
