/** One line of a JSON document as a tree. */
export type JsonRow = {
  /** JSON path: `$.lines[0].sku`. */
  path: string;
  depth: number;
  /** Name or index within the parent; null for the root. */
  key: string | null;
  value: unknown;
  kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** Entries inside an object or array. */
  size: number;
  expanded: boolean;
};

/** Rows of a value, without what lies inside `collapsed` paths. */
export function jsonRows(value: unknown, collapsed: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  const visit = (path: string, depth: number, key: string | null, one: unknown) => {
    const kind = kindOf(one);
    const children = childrenOf(one, path);
    const expanded = children.length > 0 && !collapsed.has(path);
    rows.push({ path, depth, key, value: one, kind, size: children.length, expanded });
    if (expanded) for (const child of children) visit(child.path, depth + 1, child.key, child.value);
  };
  visit('$', 0, null, value);
  return rows;
}

function childrenOf(value: unknown, path: string): { path: string; key: string; value: unknown }[] {
  if (Array.isArray(value))
    return value.map((one, index) => ({ path: `${path}[${index}]`, key: String(index), value: one }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, one]) => ({
    path: /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
    key,
    value: one,
  }));
}

function kindOf(value: unknown): JsonRow['kind'] {
  if (Array.isArray(value)) return 'array';
  if (value === null || value === undefined) return 'null';
  switch (typeof value) {
    case 'object':
      return 'object';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'string';
  }
}
