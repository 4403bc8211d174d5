import type { Attributes, SpanKind } from '#contracts/telemetry/query.ts';

/**
 * Old attribute names that Node's instrumentations may still emit, and what semantic conventions call them since the
 * http (1.23), database (1.33) and messaging changes. Stored under the new name only, so that queries know one.
 */
const renamed: ReadonlyMap<string, string> = new Map([
  ['http.method', 'http.request.method'],
  ['http.status_code', 'http.response.status_code'],
  ['http.url', 'url.full'],
  ['http.scheme', 'url.scheme'],
  ['http.user_agent', 'user_agent.original'],
  ['http.client_ip', 'client.address'],
  ['http.flavor', 'network.protocol.version'],
  ['net.host.name', 'server.address'],
  ['net.host.port', 'server.port'],
  ['net.peer.ip', 'network.peer.address'],
  ['net.transport', 'network.transport'],
  ['db.system', 'db.system.name'],
  ['db.name', 'db.namespace'],
  ['db.statement', 'db.query.text'],
  ['db.operation', 'db.operation.name'],
  ['db.sql.table', 'db.collection.name'],
  ['messaging.destination', 'messaging.destination.name'],
  ['messaging.operation', 'messaging.operation.type'],
  ['messaging.message_id', 'messaging.message.id'],
  ['messaging.kafka.partition', 'messaging.destination.partition.id'],
  ['messaging.kafka.consumer_group', 'messaging.consumer.group.name'],
  ['messaging.kafka.consumer.group', 'messaging.consumer.group.name'],
  ['messaging.kafka.message_key', 'messaging.kafka.message.key'],
  ['messaging.kafka.message.offset', 'messaging.kafka.offset'],
  ['deployment.environment', 'deployment.environment.name'],
]);
// `net.peer.*` names the other side: the server on a client's span, the client on a server's.
const peerOnClient: ReadonlyMap<string, string> = new Map([
  ['net.peer.name', 'server.address'],
  ['net.peer.port', 'server.port'],
]);
const peerOnServer: ReadonlyMap<string, string> = new Map([
  ['net.peer.name', 'client.address'],
  ['net.peer.port', 'client.port'],
]);

/** Current name of an attribute, for filters that someone typed from memory. */
export function currentName(name: string): string {
  return renamed.get(name) ?? name;
}

/** Every name under which a span may have been sent an attribute that `normalise` gives this name, itself first. */
export function sentNames(name: string): string[] {
  const old = [...renamed, ...peerOnClient, ...peerOnServer].filter(([, current]) => current === name);
  return [...new Set([name, ...old.map(([before]) => before), ...(name === 'url.path' ? ['http.target'] : [])])];
}

/** The attributes under their current names; a current name that is present wins over its old one. */
export function normalise(attributes: Attributes, kind: SpanKind): Attributes {
  const peer = kind === 'server' || kind === 'consumer' ? peerOnServer : peerOnClient;
  let result = attributes;
  for (const key in attributes) {
    const name = renamed.get(key) ?? peer.get(key) ?? (key === 'http.target' ? 'url.path' : undefined);
    const value = attributes[key];
    if (name === undefined || value === undefined) continue;
    if (result === attributes) result = { ...attributes };
    delete result[key];
    result[name] ??= key === 'http.target' ? (String(value).split('?')[0] ?? '') : value;
  }
  return result;
}
