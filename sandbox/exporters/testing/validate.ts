/** Holds objects against the schemas of one Kubernetes minor version and the CRDs, unknown fields refused. */
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import type { KubernetesObject } from '../kubernetes/object.ts';

type Schema = Record<string, unknown>;
type Definitions = Record<string, Schema>;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./schemas/${name}.json`, import.meta.url), 'utf8'));
const known = read('kubernetes') as {
  versions: string[];
  definitions: Definitions;
  changes: Record<string, { replaced: Definitions; absent: string[] }>;
};
const crds = read('crds') as Definitions;

export const kubernetesVersions = known.versions;

/** Answers what is wrong with an object, in words; an empty list when nothing is. */
export type Validate = (object: KubernetesObject) => string[];

const validators = new Map<string, Validate>();

export function validatorFor(version: string): Validate {
  const validate = validators.get(version) ?? createValidator(version);
  validators.set(version, validate);
  return validate;
}

function createValidator(version: string): Validate {
  const definitions = { ...known.definitions, ...known.changes[version]?.replaced };
  for (const absent of known.changes[version]?.absent ?? []) delete definitions[absent];
  const ajv = new Ajv({ strict: false, allErrors: true });
  const compiled = new Map<string, ValidateFunction<unknown>>();
  const roots = new Map<string, Schema>(
    Object.entries(definitions).flatMap(([name, schema]) => {
      const { apiVersion, kind } = (schema.properties ?? {}) as Record<string, { const?: string }>;
      return apiVersion?.const !== undefined && kind?.const !== undefined
        ? [[`${apiVersion.const}/${kind.const}`, { $ref: `#/definitions/${name}` } as Schema] as const]
        : [];
    }),
  );
  return (object) => {
    const id = `${object.apiVersion}/${object.kind}`;
    const root = roots.get(id) ?? crds[id];
    if (root === undefined) return [`${id} has no schema`];
    const validate = compiled.get(id) ?? ajv.compile<unknown>({ ...root, definitions });
    compiled.set(id, validate);
    if (validate(object as unknown)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${object.kind} ${object.metadata?.name} ${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}
