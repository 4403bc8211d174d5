import type { JsonSchema } from './json-schema.ts';

/**
 * Ways in which `next` cannot read what was written with `previous` (Confluent's BACKWARD mode, the part that our
 * schemas use): a field that became required, a type that changed, an enum that lost a value, a bound that got
 * tighter. Empty means compatible. Paths are JSON pointers into the data.
 */
export function backwardIncompatibilities(previous: JsonSchema, next: JsonSchema, path = ''): string[] {
  const problems: string[] = [];
  if (JSON.stringify(previous.type ?? null) !== JSON.stringify(next.type ?? null)) {
    problems.push(`${path || '/'}: type was ${JSON.stringify(previous.type)}, is ${JSON.stringify(next.type)}`);
    return problems;
  }
  problems.push(...lostValues(previous, next, path), ...tighterBounds(previous, next, path));
  const before = propertiesOf(previous);
  const after = propertiesOf(next);
  for (const name of requiredOf(next)) {
    if (!requiredOf(previous).includes(name)) problems.push(`${path}/${name}: became required`);
  }
  for (const [name, schema] of Object.entries(after)) {
    const old = before[name];
    if (old) problems.push(...backwardIncompatibilities(old, schema, `${path}/${name}`));
  }
  if (isSchema(previous.items) && isSchema(next.items)) {
    problems.push(...backwardIncompatibilities(previous.items, next.items, `${path}/*`));
  }
  return problems;
}

function lostValues(previous: JsonSchema, next: JsonSchema, path: string): string[] {
  if (!Array.isArray(next.enum)) return [];
  const before = Array.isArray(previous.enum) ? previous.enum : null;
  if (!before) return [`${path}: became an enum`];
  const lost = before.filter((value) => !(next.enum as unknown[]).includes(value));
  return lost.length > 0 ? [`${path}: no longer reads ${lost.join(', ')}`] : [];
}

const bounds = [
  { name: 'minimum', tighter: (before: number, after: number) => after > before, absent: Number.NEGATIVE_INFINITY },
  { name: 'maximum', tighter: (before: number, after: number) => after < before, absent: Number.POSITIVE_INFINITY },
  { name: 'minItems', tighter: (before: number, after: number) => after > before, absent: 0 },
  { name: 'maxItems', tighter: (before: number, after: number) => after < before, absent: Number.POSITIVE_INFINITY },
  { name: 'minLength', tighter: (before: number, after: number) => after > before, absent: 0 },
  { name: 'maxLength', tighter: (before: number, after: number) => after < before, absent: Number.POSITIVE_INFINITY },
] as const;

function tighterBounds(previous: JsonSchema, next: JsonSchema, path: string): string[] {
  return bounds.flatMap(({ name, tighter, absent }) => {
    const after = next[name];
    if (typeof after !== 'number') return [];
    const before = typeof previous[name] === 'number' ? previous[name] : absent;
    return tighter(before, after) ? [`${path}: ${name} went from ${before} to ${after}`] : [];
  });
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  return isSchema(schema.properties) ? (schema.properties as Record<string, JsonSchema>) : {};
}

function requiredOf(schema: JsonSchema): string[] {
  return Array.isArray(schema.required) ? (schema.required as string[]) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
