import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { RedResult } from '#contracts/telemetry/query.ts';
import type { SpanRecord } from '../records.ts';

export type EdgeProtocol = RedResult['edges'][number]['protocol'];
export type Edge = { from: string; to: string; protocol: EdgeProtocol };

/** The edge of the map that a span is traffic on, or null: server and internal spans are not calls. */
export function edgeOf(span: SpanRecord): Edge | null {
  const topic = span.attributes[names.messagingDestination];
  if (span.kind === 'producer')
    return topic === undefined ? null : { from: span.service, to: String(topic), protocol: 'kafka-produce' };
  if (span.kind === 'consumer')
    return topic === undefined ? null : { from: String(topic), to: span.service, protocol: 'kafka-consume' };
  return span.kind === 'client' ? callOf(span) : null;
}

function callOf(span: SpanRecord): Edge | null {
  const { attributes, service } = span;
  const database = attributes[names.dbSystem];
  if (database !== undefined)
    return database === 'postgresql' ? { from: service, to: 'postgres', protocol: 'postgres' } : null;
  const protocol =
    attributes[names.rpcSystem] !== undefined ? 'grpc' : attributes[names.httpRequestMethod] ? 'http' : null;
  const to = calleeOf(span);
  return protocol === null || to === null ? null : { from: service, to, protocol };
}

/** `peer.service` where the kit knows whom it calls, else the address. */
function calleeOf({ attributes }: SpanRecord): string | null {
  const peer = attributes[names.peerService];
  if (peer !== undefined) return String(peer);
  const address = attributes[names.serverAddress];
  const port = attributes[names.serverPort];
  if (address === undefined) return null;
  return port === undefined ? String(address) : `${address}:${port}`;
}
