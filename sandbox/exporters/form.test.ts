import { expect, test } from 'vitest';
import { ExportOptions } from '#contracts/sandbox/export.ts';
import { exportForm } from './form.ts';
import { parseExportOptions } from './parse-options.ts';

const fields = exportForm().groups.flatMap((group) => group.fields);

test('every option is on the form once, and says what it is', () => {
  expect(fields.map(({ name }) => name).sort()).toEqual(Object.keys(ExportOptions.shape).sort());
  for (const { name, description } of fields) expect(description, name).not.toBe('');
});

test('a form sent back as it came is the defaults', () => {
  const sent = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  expect(parseExportOptions(sent)).toEqual(ExportOptions.parse({}));
});

test('choices are offered as such', () => {
  expect(fields.find(({ name }) => name === 'ingress')).toMatchObject({
    kind: 'choice',
    choices: ['gateway-api', 'ingress', 'none'],
    value: 'gateway-api',
  });
  expect(fields.find(({ name }) => name === 'overlays')).toMatchObject({ kind: 'choices', value: 'dev,staging,prod' });
  expect(fields.find(({ name }) => name === 'replicas')).toMatchObject({ kind: 'number', value: '2' });
});
