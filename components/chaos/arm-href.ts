/** Address of the form that arms a fault, filled in as far as it is known. Without a fault it is the first that fits. */
export function armHref(what: { target: string | null; fault?: string | null; order?: string | null }): string {
  const query = new URLSearchParams();
  for (const name of ['fault', 'target', 'order'] as const) {
    const value = what[name];
    if (value != null) query.set(name, value);
  }
  return query.size === 0 ? '/chaos' : `/chaos?${query}`;
}
