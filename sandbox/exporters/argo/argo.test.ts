import { expect, test } from 'vitest';
import { yamlFile } from '../file.ts';
import { exported, objectsBelow } from '../testing/exported.ts';
import { kustomizeBuild } from '../testing/kustomize-build.ts';
import { validatorFor } from '../testing/validate.ts';

const withRollouts = (options: Record<string, unknown>) => {
  const files = exported(options, ['kubernetes', 'argo']);
  const overlay = yamlFile('kubernetes/overlays/trial/kustomization.yaml', {
    namespace: 'trial',
    resources: ['../../base'],
    components: ['../../../argo/components/rollouts'],
  });
  return kustomizeBuild([...files, overlay], 'kubernetes/overlays/trial');
};

test.each(['canary', 'blue-green'])('a stage with the component for %s is made of valid objects', (rollout) => {
  expect(withRollouts({ rollout }).flatMap(validatorFor('1.36'))).toEqual([]);
});

test('Applications and their project are valid, and each stage has its own', () => {
  const objects = objectsBelow(exported({}, ['argo']), 'argo/').filter(({ kind }) => /^App/.test(kind));
  expect(objects.flatMap(validatorFor('1.36'))).toEqual([]);
  expect(objects.map(({ metadata }) => metadata.name)).toEqual([
    'orrery-dev',
    'orrery-prod',
    'orrery-staging',
    'orrery',
  ]);
});

test('an Application with an unknown field would be seen', () => {
  const [application] = objectsBelow(exported({}, ['argo']), 'argo/applications/');
  if (application === undefined) throw new Error('no application');
  const wrong = { ...application, spec: { ...(application.spec as object), syncPolitics: {} } };
  expect(validatorFor('1.36')(wrong)).not.toEqual([]);
});

test('a Rollout leads to its Deployment, autoscalers to the Rollout, services that it switches exist', () => {
  for (const rollout of ['canary', 'blue-green']) {
    const objects = withRollouts({ rollout });
    const names = (kind: string) =>
      objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
    for (const object of objects.filter(({ kind }) => kind === 'Rollout')) {
      const spec = object.spec as { workloadRef: { name: string }; strategy: { blueGreen?: Record<string, string> } };
      expect(names('Deployment')).toContain(spec.workloadRef.name);
      for (const field of ['activeService', 'previewService']) {
        const service = spec.strategy.blueGreen?.[field];
        if (service !== undefined) expect(names('Service')).toContain(service);
      }
    }
    for (const object of objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')) {
      const { scaleTargetRef } = object.spec as { scaleTargetRef: { kind: string; name: string } };
      expect(scaleTargetRef.kind).toBe('Rollout');
      expect(names('Rollout')).toContain(scaleTargetRef.name);
    }
    for (const object of objects.filter(({ kind }) => kind === 'ScaledObject')) {
      expect(names('Rollout')).not.toContain(object.metadata.name);
    }
  }
});
