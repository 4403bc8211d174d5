import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { exported, fileAt, yamlAt } from '../testing/exported.ts';
import { helmTemplate } from '../testing/helm-template.ts';
import { kustomizeBuild } from '../testing/kustomize-build.ts';

const chart = 'helm/orrery';
const variants: [string, Record<string, unknown>][] = [
  ['defaults', {}],
  ['fixed replicas', { autoscaling: 'none', replicas: 3 }],
  ['CPU and Ingress', { autoscaling: 'hpa', ingress: 'ingress' }],
  ['the stores along', { postgres: 'statefulset', redpanda: 'statefulset', valkey: 'statefulset' }],
];

describe.each(variants)('%s', (_, options) => {
  const files = exported(options, ['kubernetes', 'helm']);

  test('the chart renders by default what Kustomize builds as base', () => {
    expect(byId(helmTemplate(files, chart, 'orrery'))).toEqual(
      byId(withoutNamespace(kustomizeBuild(files, 'kubernetes/base'))),
    );
  });

  test.each(['dev', 'staging', 'prod'])('and with the values of %s what Kustomize builds for it', (stage) => {
    const namespace = stage === 'prod' ? 'orrery' : `orrery-${stage}`;
    const values = yamlAt<Record<string, unknown>>(files, `${chart}/values-${stage}.yaml`);
    const expected = withoutNamespace(kustomizeBuild(files, `kubernetes/overlays/${stage}`));
    expect(byId(helmTemplate(files, chart, namespace, values))).toEqual(byId(expected));
  });

  test('its values match its schema, in every stage', () => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(fileAt(files, `${chart}/values.schema.json`)));
    const values = yamlAt<Record<string, unknown>>(files, `${chart}/values.yaml`);
    for (const stage of ['dev', 'staging', 'prod']) {
      expect(validate({ ...values, ...yamlAt<object>(files, `${chart}/values-${stage}.yaml`) }), stage).toBe(true);
    }
  });
});

describe('the chart', () => {
  const files = exported({}, ['helm']);
  const values = () => structuredClone(yamlAt<Record<string, unknown>>(files, `${chart}/values.yaml`));

  test.each([
    ['logLevel', 'LOUD'],
    ['host', 'not a host'],
    ['replicas', -1],
    ['image', { registry: 'r', tag: '1', digest: 'sha256:1' }],
    ['replcias', 3],
  ])('refuses %s: %j', (name, value) => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(fileAt(files, `${chart}/values.schema.json`)));
    expect(validate({ ...values(), [name]: value })).toBe(false);
  });

  test('without autoscaling writes replicas and no autoscaler', () => {
    const objects = helmTemplate(files, chart, 'shop', { autoscaling: { enabled: false }, replicas: 4 });
    expect(objects.filter((object) => /Autoscaler|ScaledObject/.test(object.kind))).toEqual([]);
    for (const object of objects.filter((known) => known.kind === 'Deployment')) {
      expect(object.spec).toMatchObject({ replicas: 4 });
      expect(object.metadata.namespace).toBe('shop');
    }
  });

  test('leaves no mark behind', () => {
    for (const file of files) expect(file.content, file.path).not.toMatch(/MARK\d/);
  });
});

function withoutNamespace(objects: KubernetesObject[]): KubernetesObject[] {
  return objects.filter((object) => object.kind !== 'Namespace');
}

function byId(objects: KubernetesObject[]): Record<string, KubernetesObject> {
  return Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}
