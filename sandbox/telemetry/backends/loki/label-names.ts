import { AppError } from '#contracts/errors.ts';
import { attributes } from '#contracts/telemetry/attributes.ts';

/** Names that come out of Loki's mapping of OTLP in one way only. */
const mappable = /^[A-Za-z][A-Za-z0-9]*([._/-][A-Za-z0-9]+)*$/;

/**
 * Label under which Loki keeps an attribute that came by OTLP: whatever is no letter or digit is an underscore. Throws
 * invalid_argument for names that it changes in other ways too.
 */
export function labelOf(attribute: string): string {
  if (!mappable.test(attribute))
    throw new AppError(
      'invalid_argument',
      `filter: Loki keeps names as letters, digits and single underscores; “${attribute.slice(0, 80)}” cannot be looked for there`,
    );
  return attribute.replace(/[./-]/g, '_');
}

/** Labels that are part of the record, of its resource, or added by Loki: none is an attribute of the record. */
const notAttributes = new Set([
  'service_name',
  'service_version',
  'service_instance_id',
  'service_namespace',
  'deployment_environment_name',
  'severity_number',
  'severity_text',
  'trace_id',
  'span_id',
  'flags',
  'observed_timestamp',
  'detected_level',
  'scope_name',
  'scope_version',
]);
const known = new Map(Object.values(attributes).map((name) => [labelOf(name), name]));

/**
 * The attributes among labels, under their own names as far as those are known: the conventions' (contracts/telemetry/
 * attributes.ts) and those that the filter names. Others keep the label.
 */
export function attributesOf(labels: Readonly<Record<string, string>>, named: readonly string[]) {
  const names = new Map([...known, ...named.map((name) => [labelOf(name), name] as const)]);
  return Object.fromEntries(
    Object.entries(labels)
      .filter(([label]) => !notAttributes.has(label) && !label.startsWith('telemetry_sdk_'))
      .map(([label, value]) => [names.get(label) ?? label, value]),
  );
}
