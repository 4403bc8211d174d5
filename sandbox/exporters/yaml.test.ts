import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { byLibrary, toYaml } from './yaml.ts';

const awkward = fc.constantFrom(
  'on',
  'yes',
  '0o17',
  '12:30',
  '1e3',
  '',
  '~',
  '- a',
  'a: b',
  'a #b',
  ' a',
  '{{ x }}',
  '=',
);
const oneLine = fc.oneof(awkward, fc.string());
/** As scripts and descriptions are: the first line begins at the margin, and none is only spaces. */
const manyLines = fc
  .array(fc.constantFrom('', 'a', '  b', 'c\td', '---', '# e', 'f: g', 'on'), { maxLength: 5 })
  .map((lines) => ['first', ...lines].join('\n'));

/** Anything that JSON can say, made of these texts. */
function jsonOf(text: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
}

test('whatever is written is read again, by the rules of 1.1 and of 1.2', () => {
  fc.assert(
    fc.property(jsonOf(fc.oneof(oneLine, manyLines)), (value) => {
      const text = toYaml(value);
      for (const version of ['1.1', '1.2'] as const) expect(parse(text, { version, merge: false })).toEqual(value);
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('the bytes are those of the library', () => {
  fc.assert(
    fc.property(jsonOf(oneLine), (value) => {
      expect(toYaml(value)).toBe(byLibrary(value));
    }),
    { numRuns: 500, seed: 1 },
  );
  const script = {
    run: 'set -e\n  go\n\nend\n',
    steps: [{ run: 'a\nb' }, 'c\n\nd\n'],
    none: undefined,
    empty: [{}, []],
  };
  expect(toYaml(script)).toBe(byLibrary(script));
});

test('a comment stands above it', () => {
  expect(toYaml({ a: ['on', 1] }, 'one\ntwo')).toBe('# one\n# two\n\na:\n  - "on"\n  - 1\n');
});
