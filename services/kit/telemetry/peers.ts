/**
 * Which process is behind an address. The supervisor hands out one address per edge (`INVENTORY_URL`,
 * `PRICING_GRPC`), so the environment itself is the map, also when a proxy sits in between.
 */
export function peersFromEnv(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const peers = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    const target = /^([A-Z][A-Z0-9]*)_(URL|GRPC)$/.exec(name);
    if (target?.[1] === undefined || value === undefined || name === 'DATABASE_URL') continue;
    const address = target[2] === 'URL' ? addressOf(value) : value;
    if (address !== undefined) peers.set(address, target[1].toLowerCase());
  }
  return peers;
}

/** `host:port` of a URL, with the scheme's default port; undefined when it is no URL. */
export function addressOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`;
}
