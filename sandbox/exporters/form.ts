/** The options as controls of a form, read off their schema: a new option appears on screen by itself. */
import { z } from 'zod';
import { type ExportField, type ExportForm, ExportOptions, ExportOverlay } from '#contracts/sandbox/export.ts';
import { exportTargets } from './export.ts';

const groups: Record<string, readonly string[]> = {
  Image: ['registry', 'tag', 'digest'],
  Scale: ['replicas', 'autoscaling', 'maxReplicas', 'lagThreshold'],
  Cluster: ['namespace', 'overlays', 'ingress', 'host', 'gatewayName', 'gatewayNamespace'],
  Data: ['postgres', 'redpanda', 'valkey', 'dataNamespace', 'kafkaBrokers'],
  Neighbours: ['observabilityNamespace', 'secrets', 'secretStore', 'paymentsUrl'],
  Delivery: ['rollout', 'repository', 'awsRegion'],
};

export function exportForm(): ExportForm {
  const grouped = new Set(Object.values(groups).flat());
  const rest = Object.keys(ExportOptions.shape).filter((name) => !grouped.has(name));
  return {
    targets: [...exportTargets],
    groups: [...Object.entries(groups), ['More', rest] as const]
      .filter(([, names]) => names.length > 0)
      .map(([title, names]) => ({ title, fields: names.map(field) })),
  };
}

const defaults = ExportOptions.parse({}) as Record<string, unknown>;
const shape: Record<string, z.ZodType> = ExportOptions.shape;

function field(name: string): ExportField {
  const schema = shape[name];
  const value = defaults[name];
  const several = Array.isArray(value);
  const inner = schema instanceof z.ZodDefault ? schema.def.innerType : schema;
  const choices = several ? ExportOverlay.options : inner instanceof z.ZodEnum ? inner.options.map(String) : [];
  return {
    name,
    description: schema?.description ?? '',
    kind: several ? 'choices' : choices.length > 0 ? 'choice' : typeof value === 'number' ? 'number' : 'text',
    choices: [...choices],
    value: value === null || value === undefined ? '' : String(value),
  };
}
