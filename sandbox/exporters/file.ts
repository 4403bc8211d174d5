import type { ExportFile } from '#contracts/sandbox/export.ts';
import { toYaml } from './yaml.ts';

/** A YAML file of one document. */
export function yamlFile(path: string, value: unknown, comment?: string): ExportFile {
  return { path, content: toYaml(value, comment) };
}

/** A JSON file, two spaces, with a line break at its end. */
export function jsonFile(path: string, value: unknown): ExportFile {
  return { path, content: `${JSON.stringify(value, null, 2)}\n` };
}

/** A text file; surrounding blank lines of the template literal that it came from are dropped. */
export function textFile(path: string, text: string): ExportFile {
  return { path, content: `${text.replace(/^\n+|\s+$/g, '')}\n` };
}
