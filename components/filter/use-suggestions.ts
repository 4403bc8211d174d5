'use client';

import { useEffect, useState } from 'react';
import { closedFields, fieldAliases } from '#contracts/telemetry/filter.ts';
import type { Completion } from './completion.ts';

export type FilterField = {
  /** As typed: `service`, `http.route`. */
  name: string;
  /** A few words for who does not know it. */
  note?: string;
  /** Values are asked for with `loadValues`. False for ids and durations: nobody picks one from a list. */
  values?: boolean;
};
export type LoadValues = (
  field: string,
  signal: AbortSignal,
) => Promise<readonly { value: string; count: number | null }[]>;

export type Suggestion = { insert: string; label: string; note: string | null; count: number | null };

const most = 50;
const nothing: readonly Suggestion[] = [];

/** Fields by prefix or part of their name; values from the closed list of the field or from `load`. */
export function useSuggestions(
  completion: Completion | null,
  fields: readonly FilterField[],
  load: LoadValues | undefined,
): readonly Suggestion[] {
  const field = completion?.kind === 'value' ? completion.field : null;
  const values = useValues(field, fields, load);
  if (completion === null) return nothing;
  const wanted = completion.prefix.toLowerCase();
  if (completion.kind === 'field') {
    return ranked(fields, ({ name }) => name, wanted).map(({ name, note }) => ({
      insert: `${name}:`,
      label: name,
      note: note ?? null,
      count: null,
    }));
  }
  const matching = ranked(values, ({ value }) => value, wanted);
  // What is already there whole needs no suggestion.
  if (matching.length === 1 && matching[0]?.value.toLowerCase() === wanted) return nothing;
  return matching.map(({ value, count }) => ({ insert: value, label: value, note: null, count }));
}

type Value = { value: string; count: number | null };

function useValues(field: string | null, fields: readonly FilterField[], load: LoadValues | undefined): Value[] {
  const [loaded, setLoaded] = useState<{ field: string; values: Value[] } | null>(null);
  const name = field === null ? null : (fieldAliases.get(field) ?? field);
  const closed = name === null ? undefined : closedFields.get(name);
  const known = fields.find((one) => one.name === field || (fieldAliases.get(one.name) ?? one.name) === name);
  const ask = name !== null && closed === undefined && known?.values !== false;
  useEffect(() => {
    if (!ask || name === null || !load) return;
    const stop = new AbortController();
    load(name, stop.signal).then(
      (values) => {
        if (!stop.signal.aborted) setLoaded({ field: name, values: [...values] });
      },
      // Suggestions are a convenience: without them one types.
      () => {},
    );
    return () => stop.abort();
  }, [ask, name, load]);
  if (closed) return closed.map((value) => ({ value, count: null }));
  return loaded !== null && loaded.field === name ? loaded.values : [];
}

function ranked<T>(all: readonly T[], textOf: (item: T) => string, wanted: string): T[] {
  const at = (item: T) => textOf(item).toLowerCase().indexOf(wanted);
  return all
    .filter((item) => at(item) >= 0)
    .sort((one, other) => Math.min(at(one), 1) - Math.min(at(other), 1))
    .slice(0, most);
}
