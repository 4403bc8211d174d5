import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/**
 * The browser gets types from contracts/, not schemas: zod alone is 40 KB gzip of the 250 that a first route may weigh.
 * Modules of contracts/ that reach no zod (format-money, filter, attributes) may be imported for their values.
 */
const root = path.resolve(import.meta.dirname, '..');

// Pages and layouts are server components: what they import stays there unless it crosses into a client module.
const serverOnly = /^app\/(api|health)\/|\/(page|layout|route)\.tsx?$|^app\/(page|layout)\.tsx$/;

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

/** Modules that a file imports, or exports from, for more than their types. */
function valueImports(text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\b)([^;]*?)\s*from\s+'([^']+)'/gms);
  return [...statements].flatMap(([, names = '', module = '']) => {
    const named = /^\{([^}]*)\}$/s.exec(names.trim());
    const onlyTypes = named?.[1]?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
    return onlyTypes ? [] : [module];
  });
}

function reachesZod(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  return valueImports(readFileSync(path.join(root, file), 'utf8')).some((module) => {
    if (module === 'zod') return true;
    if (module.startsWith('.')) return reachesZod(path.join(path.dirname(file), module), seen);
    return module.startsWith('#contracts/') && reachesZod(module.slice(1), seen);
  });
}

test('no code for the browser imports a schema', () => {
  const client = [...sources('components'), ...sources('app').filter((file) => !serverOnly.test(file))];
  const heavy = client.flatMap((file) =>
    valueImports(readFileSync(path.join(root, file), 'utf8'))
      .filter((module) => module === 'zod' || (module.startsWith('#contracts/') && reachesZod(module.slice(1))))
      .map((module) => `${file} imports ${module}: import its types only, parse on the server`),
  );
  expect(heavy).toEqual([]);
});

test('the rule notices a schema', () => {
  expect(valueImports("import { Money } from '#contracts/money.ts';")).toEqual(['#contracts/money.ts']);
  expect(valueImports("import { type Money } from '#contracts/money.ts';")).toEqual([]);
  expect(reachesZod('contracts/money.ts')).toBe(true);
  expect(reachesZod('contracts/format-money.ts')).toBe(false);
});
