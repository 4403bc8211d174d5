/** Options that differ from the defaults, in the notation of the command line and the URL: `replicas=3`. */
export type ChosenOptions = Readonly<Record<string, string>>;

export function toChosen(pairs: readonly string[]): ChosenOptions {
  return Object.fromEntries(
    pairs
      .filter((pair) => pair.indexOf('=') > 0)
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

export function toPairs(options: ChosenOptions): string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`);
}

/** One option set anew; what equals its default is left out. */
export function choose(options: ChosenOptions, name: string, value: string, fallback: string): ChosenOptions {
  const { [name]: _before, ...rest } = options;
  return value === fallback ? rest : { ...rest, [name]: value };
}

/** The command that writes the same files. */
export function asCommand(targets: readonly string[], all: readonly string[], options: ChosenOptions): string {
  const quoted = toPairs(options).map(
    (pair) => ` --option ${/^[\w=.:/@-]+$/.test(pair) ? pair : `'${pair.replaceAll("'", "'\\''")}'`}`,
  );
  const names = targets.length === all.length ? ['all'] : targets;
  return names
    .map(
      (name) =>
        `npm run orrery -- export ${name} --out ./export${names.length > 1 ? `-${name}` : ''}${quoted.join('')}`,
    )
    .join(' && ');
}

/** Address of the zip with the same files. */
export function zipHref(targets: readonly string[], options: ChosenOptions): string {
  const query = new URLSearchParams([
    ...targets.map((target) => ['target', target]),
    ...toPairs(options).map((pair) => ['option', pair]),
  ]);
  return `/api/export/zip?${query}`;
}
