import { apiVersions, listVersions } from '../apis/18-api-versions.ts';
import type { Advertised, AnyApi, RequestContext } from '../apis/api.ts';
import type { Cluster } from '../cluster.ts';
import { ErrorCode } from '../errors.ts';
import { describeError } from '../logger.ts';
import { WireError } from '../wire/errors.ts';
import { closeFrame, openResponse, readClientId, readRequestHead } from '../wire/header.ts';

/** A response frame as buffers to write in order; null when nothing is sent back. */
export type ResponseFrame = Buffer[] | null;

/** Throws WireError when the frame cannot be a request that was advertised; the connection has to close then. */
export type Dispatcher = (frame: Buffer, peer: Peer) => ResponseFrame | Promise<ResponseFrame>;

export interface Peer {
  clientHost: string;
  advertised: Advertised;
  signal: AbortSignal;
}

/** Decodes a request, runs its API, encodes the answer. An exception in a handler refuses that request only. */
export function createDispatcher(cluster: Cluster, apis: readonly AnyApi[]): Dispatcher {
  const byKey = new Map(apis.map((api) => [api.key, api]));
  return (frame, peer) => {
    const head = readRequestHead(frame);
    const api = byKey.get(head.apiKey);
    const version = head.apiVersion;
    if (!api) throw new WireError(`unknown api key ${head.apiKey}`);
    if (version < api.versions[0] || version > api.versions[1]) {
      if (api.key === apiVersions.key) return refuseApiVersions(head.correlationId, apis);
      throw new WireError(`${api.name} version ${version} is not supported`);
    }
    const flexible = version >= api.flexibleSince;
    const wire = { version, flexible };
    const { clientId, body } = readClientId(frame, flexible);
    const request = api.request.read(body, wire);
    const context: RequestContext = { version, clientId, ...peer, apis };
    const encode = (response: unknown): ResponseFrame => {
      if (response === null) return null;
      const writer = openResponse(head.correlationId, flexible && api.key !== apiVersions.key);
      api.response.write(writer, response, wire);
      return closeFrame(writer);
    };
    const refuse = (error: unknown): ResponseFrame => {
      cluster.logger.error('request failed', { api: api.name, version, clientId, ...describeError(error) });
      return encode(api.refuse(request, ErrorCode.UNKNOWN_SERVER_ERROR));
    };
    try {
      const response = api.handle(cluster, request, context);
      return response instanceof Promise ? response.then(encode).catch(refuse) : encode(response);
    } catch (error) {
      return refuse(error);
    }
  };
}

/** KIP-511: whatever version is asked, the answer is readable in the layout of version 0. */
function refuseApiVersions(correlationId: number, apis: readonly AnyApi[]): ResponseFrame {
  const writer = openResponse(correlationId, false);
  apiVersions.response.write(writer, listVersions(apis, ErrorCode.UNSUPPORTED_VERSION), {
    version: 0,
    flexible: false,
  });
  return closeFrame(writer);
}
