/**
 * Names under which the console may be reached. Anything else in `Host` is DNS rebinding: a page of another site whose
 * name was pointed at 127.0.0.1.
 */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
}

export function isAllowedHost(host: string | null, port: number): boolean {
  return host !== null && allowedHosts(port).has(host.toLowerCase());
}
