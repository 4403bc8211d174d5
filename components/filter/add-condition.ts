import { conditionProblem, fieldAliases, parseFilter, printFilter } from '#contracts/telemetry/filter.ts';

export type FieldValue = string | number | boolean;

/**
 * The filter text narrowed to (`eq`) or cleared of (`neq`) a field's value: "filter for" and "filter out". The opposite
 * condition on the same value gives way. Null when the language cannot say it, or `text` has a mistake.
 */
export function addCondition(text: string, field: string, op: 'eq' | 'neq', value: FieldValue): string | null {
  const parsed = parseFilter(text);
  const name = fieldAliases.get(field) ?? field;
  const condition = { field: name, op, value };
  if (!parsed.ok || conditionProblem(condition) !== null) return null;
  const others = parsed.filter.conditions.filter(
    (one) => !(one.field === name && (one.op === 'eq' || one.op === 'neq') && String(one.value) === String(value)),
  );
  return printFilter({ ...parsed.filter, conditions: [...others, condition] });
}
