/**
 * A small stand-in for `helm template`, of just the template language that the exporter writes. docs/export.md says
 * against which versions of the real tool it was held.
 */
import { createHash } from 'node:crypto';
import { parse, parseAllDocuments } from 'yaml';
import type { ExportFile } from '#contracts/sandbox/export.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { toYaml } from '../yaml.ts';

type Json = Record<string, unknown>;

export function helmTemplate(
  files: readonly ExportFile[],
  chart: string,
  namespace: string,
  overrides: Json = {},
): KubernetesObject[] {
  const find = (name: string) => files.find((file) => file.path === `${chart}/${name}`)?.content ?? '';
  const values = merge(parse(find('values.yaml')) as Json, overrides);
  const root = { Values: values, Release: { Namespace: namespace } };
  const helpers = new Map(
    [...find('templates/_helpers.tpl').matchAll(/\{\{- define "([^"]+)" -\}\}\n([\s\S]*?)\n\{\{- end -\}\}/g)].map(
      ([, name = '', body = '']) => [name, body],
    ),
  );
  return files
    .filter((file) => file.path.startsWith(`${chart}/templates/`) && file.path.endsWith('.yaml'))
    .flatMap((file) =>
      parseAllDocuments(render(file.content, root, helpers)).map((document) => document.toJS() as KubernetesObject),
    )
    .filter((object) => object !== null);
}

function merge(base: Json, over: Json): Json {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = result[key];
    result[key] = isObject(before) && isObject(value) ? merge(before, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function render(text: string, root: Json, helpers: Map<string, string>, dot: unknown = root): string {
  // A dash inside the braces takes the white space on its side with it.
  const trimmed = text.replace(/\s*\{\{-/g, '{{').replace(/-\}\}\s*/g, '}}');
  const tokens = trimmed.split(/(\{\{[\s\S]*?\}\})/);
  let at = 0;
  const block = (visible: boolean, here: unknown): string => {
    let out = '';
    while (at < tokens.length) {
      const token = tokens[at++] ?? '';
      if (!token.startsWith('{{')) {
        if (visible) out += token;
        continue;
      }
      const action = token.slice(2, -2).trim();
      if (action === 'end') return out;
      if (action.startsWith('if ')) {
        out += block(visible && truthy(evaluate(action.slice(3), root, here, helpers)), here);
      } else if (action.startsWith('with ')) {
        const value = evaluate(action.slice(5), root, here, helpers);
        out += block(visible && truthy(value), value);
      } else if (visible && !action.startsWith('/*')) out += String(evaluate(action, root, here, helpers));
    }
    return out;
  };
  return block(true, dot);
}

function truthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0;
}

function evaluate(pipeline: string, root: Json, dot: unknown, helpers: Map<string, string>): unknown {
  const stages = pipeline.split(/\s+\|\s+/);
  return stages.reduce<unknown>(
    (input, stage, index) => call(stage, index === 0 ? [] : [input], root, dot, helpers),
    undefined,
  );
}

function call(stage: string, piped: unknown[], root: Json, dot: unknown, helpers: Map<string, string>): unknown {
  const words = stage.match(/\([^)]*\)[.\w]*|"[^"]*"|\S+/g) ?? [];
  const [name = '', ...rest] = words;
  const args = [...rest.map((word) => operand(word, root, dot, helpers)), ...piped];
  switch (name) {
    case 'quote':
      return JSON.stringify(String(args[0]));
    case 'not':
      return !truthy(args[0]);
    case 'printf':
      return String(args[0]).replace(/%s/g, () => String(args.splice(1, 1)[0]));
    case 'sha256sum':
      return createHash('sha256').update(String(args[0])).digest('hex');
    case 'trunc':
      return String(args[1]).slice(0, Number(args[0]));
    case 'include':
      return render(helpers.get(String(args[0])) ?? '', root, helpers, args[1]);
    case 'index':
      return (args[0] as Json)[String(args[1])];
    case 'toYaml':
      return toYaml(args[0]).trimEnd();
    case 'nindent':
      return `\n${String(args[1]).replace(/^/gm, ' '.repeat(Number(args[0])))}`;
    default:
      return operand(name, root, dot, helpers);
  }
}

function operand(word: string, root: Json, dot: unknown, helpers: Map<string, string>): unknown {
  if (word.startsWith('"')) return word.slice(1, -1);
  if (/^\d+$/.test(word)) return Number(word);
  const [, inner, path] = /^\((.*)\)([.\w]*)$/.exec(word) ?? [];
  if (inner !== undefined) return follow(evaluate(inner, root, dot, helpers), path ?? '');
  if (word === '.') return dot;
  if (word.startsWith('.')) return follow(root, word);
  throw new Error(`the template function ${word} is not known here`);
}

function follow(value: unknown, path: string): unknown {
  return path
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), value);
}
