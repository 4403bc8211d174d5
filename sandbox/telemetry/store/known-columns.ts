import type { Attributes, AttributeValue } from '#contracts/telemetry/query.ts';
import { type AttributeColumns, isVolatile, searchText, splitAttributes, toColumns } from './attribute-columns.ts';

/** What a record's name (or body) and attributes fill: the split attributes, and the text that is searched. */
export type TextColumns = AttributeColumns & { text: string };

/**
 * The columns of records that differ in nothing but their volatile values: most records of a kind do, and only these
 * values are written anew for each. A tree, one step per attribute; the attributes of a kind come in one order.
 */
export type KnownColumns = {
  /** `more`: text besides the name, such as a status message; such records are rare, and written out each time. */
  of(name: string, more: string | null, attributes: Attributes): TextColumns;
  /** Characters held; what else a node takes counts as some more. */
  size(): number;
};

type Node = { next: Map<string, Branch>; columns: TextColumns | null };
/** What follows upon a key: a node per repeating value, one for all volatile ones. */
type Branch = { repeating: Map<AttributeValue, Node>; volatile: Node | null };

/** Past this the tree begins anew: names and values come from outside. A fleet of ten services needs a sixth. */
const mostHeld = 4_000_000;
const perNode = 300;

export function createKnownColumns(): KnownColumns {
  let held = 0;
  let root = new Map<string, Node>();

  const nodeFor = (value: AttributeValue): Node => {
    held += perNode + (typeof value === 'string' ? value.length : 0);
    return { next: new Map(), columns: null };
  };
  const begin = (name: string): Node => {
    if (held > mostHeld) {
      root = new Map();
      held = 0;
    }
    const known = root.get(name);
    if (known !== undefined) return known;
    const node = nodeFor(name);
    root.set(name, node);
    return node;
  };
  const step = (node: Node, key: string, value: AttributeValue, volatileValues: AttributeValue[]): Node => {
    let branch = node.next.get(key);
    if (branch === undefined) {
      branch = { repeating: new Map(), volatile: null };
      held += perNode + key.length;
      node.next.set(key, branch);
    }
    const known = branch.repeating.get(value);
    if (known !== undefined) return known;
    if (isVolatile(key, value)) {
      volatileValues.push(value);
      branch.volatile ??= nodeFor('');
      return branch.volatile;
    }
    const after = nodeFor(value);
    branch.repeating.set(value, after);
    return after;
  };

  return {
    of(name, more, attributes) {
      if (more !== null) return written(name, more, attributes);
      const volatileValues: AttributeValue[] = [];
      let node = begin(name);
      for (const key in attributes) {
        const value = attributes[key];
        if (value === undefined) continue;
        // An array is like no other, by identity.
        if (typeof value === 'object') return written(name, null, attributes);
        node = step(node, key, value, volatileValues);
      }
      if (node.columns === null) {
        node.columns = written(name, null, attributes);
        const { attributes: told, idKeys, text } = node.columns;
        held += told.length + text.length + (idKeys?.length ?? 0);
      }
      const { attributes: repeating, idKeys, text } = node.columns;
      const idValues = volatileValues.length === 0 ? null : JSON.stringify(volatileValues);
      return { attributes: repeating, idKeys, idValues, text };
    },
    size: () => held,
  };
}

function written(name: string, more: string | null, attributes: Attributes): TextColumns {
  const split = splitAttributes(attributes);
  return { ...toColumns(split), text: searchText([name, more], split) };
}
