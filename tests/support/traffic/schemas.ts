import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** What a value has that a schema does not allow; empty when it fits. */
export type Check = (value: unknown) => string[];

/**
 * Checks against parts of one document, by JSON pointer, in which no object may have a field that is not named: readers
 * must tolerate one, but whoever writes a field that the contract does not know has a contract that is wrong.
 */
export function checksOf(document: object): (pointer: string) => Check {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(document) as object, 'document');
  const compiled = new Map<string, Check>();
  return (pointer) => {
    const known = compiled.get(pointer);
    if (known !== undefined) return known;
    const validate = ajv.compile({ $ref: `document#${pointer}` });
    const check: Check = (value) => {
      if (validate(value)) return [];
      return (validate.errors ?? []).map(({ instancePath, message, params }) => {
        const { additionalProperty } = params as { additionalProperty?: string };
        return `${instancePath || '/'} ${message ?? 'is wrong'}${additionalProperty === undefined ? '' : ` (${additionalProperty})`}`;
      });
    };
    compiled.set(pointer, check);
    return check;
  };
}

/** `#/paths/~1orders/get` of its parts. */
export function pointerTo(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
}

function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]));
  const isObject = fields.type === 'object' && typeof fields.properties === 'object';
  return isObject ? { ...fields, additionalProperties: false } : fields;
}
