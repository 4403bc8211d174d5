import { parseFilter, printFilter } from '#contracts/telemetry/filter.ts';
import type { Condition } from '#contracts/telemetry/query.ts';

/** What the list's own controls show of a filter text. Null: not set, or set to something that they cannot say. */
export type ListControls = { service: string | null; errorsOnly: boolean; minMs: number | null };

/** Reads the controls' state out of the filter text; a text with a mistake sets none. */
export function readControls(text: string): ListControls {
  const parsed = parseFilter(text);
  const conditions = parsed.ok ? parsed.filter.conditions : [];
  const value = (field: string, op: Condition['op']) =>
    conditions.find((condition) => condition.field === field && condition.op === op)?.value ?? null;
  const service = value('service', 'eq');
  const minNano = value('duration', 'gte');
  return {
    service: service === null ? null : String(service),
    errorsOnly: value('status', 'eq') === 'error',
    minMs: typeof minNano === 'number' ? minNano / 1e6 : null,
  };
}

/**
 * The text with `field op value` in place of what it said with this field and op; a value of null takes it out. A text
 * with a mistake starts over.
 */
export function setCondition(text: string, field: string, op: Condition['op'], value: Condition['value']): string {
  const parsed = parseFilter(text);
  const filter = parsed.ok ? parsed.filter : { conditions: [], text: null };
  const others = filter.conditions.filter((condition) => condition.field !== field || condition.op !== op);
  return printFilter({ ...filter, conditions: value === null ? others : [...others, { field, op, value }] });
}

/** A text that says one condition: for "show only" and "exclude" of a value. */
export function oneCondition(field: string, op: Condition['op'], value: Condition['value']): string {
  return printFilter({ conditions: [{ field, op, value }], text: null });
}
