export type RouteTable = {
  add(method: string, template: string): void;
  /** Methods served under a concrete path, sorted; empty when the path is unknown. */
  methodsOf(path: string): string[];
};

/** Knows which methods a path supports, so that a wrong method answers 405 with Allow rather than 404. */
export function createRouteTable(): RouteTable {
  const entries: { method: string; pattern: RegExp }[] = [];
  return {
    add(method, template) {
      const source = template
        .split('/')
        .map((part) =>
          part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
        )
        .join('/');
      entries.push({ method, pattern: new RegExp(`^${source}$`) });
    },
    methodsOf: (path) =>
      [...new Set(entries.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort(),
  };
}
