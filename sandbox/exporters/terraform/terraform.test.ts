import { expect, test } from 'vitest';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import { exported } from '../testing/exported.ts';

const files = exported({}, ['terraform']);

test('whatever is named is declared: variables, modules, resources, data', () => {
  expect(undeclared(files)).toEqual([]);
});

test.each([
  ['a variable', /variable "key_arn"/, 'variable "key"'],
  ['a resource', /resource "aws_kms_key" "this"/, 'resource "aws_kms_key" "that"'],
  ['an argument of a module', / {2}key_arn = module\.key\.arn/, '  key = module.key.arn'],
])('%s that is not would be seen', (_, pattern, text) => {
  const broken = files.map((file) => ({ ...file, content: file.content.replace(pattern, text) }));
  expect(undeclared(broken)).not.toEqual([]);
});

test('options reach the files', () => {
  const text = exported({ awsRegion: 'us-east-2', repository: 'acme/shop', namespace: 'acme' }, ['terraform'])
    .map((file) => file.content)
    .join('\n');
  expect(text).toContain('region = "us-east-2"');
  expect(text).toContain('repository    = "acme/shop"');
  expect(text).toContain('"acme-state-lock"');
});

/** A small resolver of HCL references, folder by folder; Terraform itself needs the provider, which is not here. */
function undeclared(all: readonly ExportFile[]): string[] {
  const folders = Map.groupBy(
    all.filter((file) => file.path.endsWith('.tf')),
    (file) => file.path.slice(0, file.path.lastIndexOf('/')),
  );
  const textOf = (folder: string) => (folders.get(folder) ?? []).map((file) => file.content).join('\n');
  const namesIn = (folder: string, kind: string) =>
    [...textOf(folder).matchAll(new RegExp(`^${kind} "(\\w+)"`, 'gm'))].map((match) => match[1] ?? '');
  const found: string[] = [];
  for (const folder of folders.keys()) {
    const text = textOf(folder);
    const code = text.replace(/#.*$/gm, '').replace(/description\s*=.*$/gm, '');
    for (const [, name = ''] of code.matchAll(/\bvar\.(\w+)/g))
      if (!namesIn(folder, 'variable').includes(name)) found.push(`${folder}: var.${name}`);
    const blocks = new Set(
      [...text.matchAll(/^(resource|data) "(\w+)" "(\w+)"/gm)].map(
        (match) => `${match[1] === 'data' ? 'data.' : ''}${match[2]}.${match[3]}`,
      ),
    );
    for (const [whole] of code.matchAll(/\b(data\.)?aws_\w+\.\w+/g))
      if (!blocks.has(whole)) found.push(`${folder}: ${whole}`);
    for (const [, module = '', source = '', body = ''] of text.matchAll(
      /^module "(\w+)" \{\n {2}source = "\.\.\/([\w/-]+)"\n([\s\S]*?)^\}/gm,
    )) {
      const target = `terraform/${source}`;
      const given = [...body.matchAll(/^ {2}(\w+)\s*=/gm)].map((match) => match[1] ?? '');
      for (const name of given)
        if (!namesIn(target, 'variable').includes(name)) found.push(`${folder}: module ${module} takes no ${name}`);
      const needed = [...textOf(target).matchAll(/^variable "(\w+)" \{\n([\s\S]*?)^\}/gm)]
        .filter((match) => !match[2]?.includes('default'))
        .map((match) => match[1] ?? '');
      for (const name of needed) if (!given.includes(name)) found.push(`${folder}: module ${module} lacks ${name}`);
      for (const [, output = ''] of code.matchAll(new RegExp(`\\bmodule\\.${module}\\.(\\w+)`, 'g')))
        if (!namesIn(target, 'output').includes(output)) found.push(`${folder}: module.${module}.${output}`);
    }
  }
  return found;
}
