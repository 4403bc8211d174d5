/** Address of the form that arms a fault, filled in as far as it is known. Without a fault it is the first that fits. */
export function armHref(what: {
  target: string | null;
  fault?: string | null;
  /** Only this order, where the fault can tell. */
  order?: string | null;
  /** Of the saga, where the fault is another in each. */
  style?: string | null;
}): string {
  const query = new URLSearchParams();
  for (const name of ['fault', 'target', 'order', 'style'] as const) {
    const value = what[name];
    if (value != null) query.set(name, value);
  }
  return query.size === 0 ? '/chaos' : `/chaos?${query}`;
}
