import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exported, fileAt } from '../testing/exported.ts';

type Workflow = {
  permissions: object;
  jobs: Record<
    string,
    {
      uses?: string;
      needs?: string[];
      permissions?: object;
      'timeout-minutes'?: number;
      steps?: { run?: string; with?: object; uses?: string }[];
    }
  >;
};

const registries = {
  ecr: '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
  github: 'ghcr.io/acme',
  other: 'registry.acme.dev/shop',
};
const workflows = Object.values(registries).flatMap((registry) =>
  exported({ registry }, ['github-actions'])
    .filter((file) => file.path.startsWith('.github/workflows/'))
    .map((file) => [`${file.path} for ${registry}`, file.content] as const),
);

describe.each(workflows)('%s', (_, content) => {
  test('has nothing that an intruder could use', () => expect(weaknesses(content)).toEqual([]));
});

test.each([
  ['an action by tag', (text: string) => text.replace(/@[0-9a-f]{40} # v/, '@v'), 'is not pinned'],
  [
    'a script with an expression',
    (text: string) => text.replace('run: npm ci', `run: echo $${'{{ github.ref }}'}`),
    'expression in a script',
  ],
  [
    'kept credentials',
    (text: string) => text.replace('persist-credentials: false', 'persist-credentials: true'),
    'keeps credentials',
  ],
  ['permissions by default', (text: string) => text.replace('permissions: {}', 'permissions: read-all'), 'permissions'],
])('%s would be seen', (_, weaken, expected) => {
  const content = fileAt(exported({}, ['github-actions']), '.github/workflows/ci.yml');
  expect(weaknesses(weaken(content)).join()).toContain(expected);
});

test('a version goes from stage to stage in order, and only those that were asked for', () => {
  const release = parse(
    fileAt(exported({ overlays: 'prod,dev' }, ['github-actions']), '.github/workflows/release.yml'),
  ) as Workflow;
  expect(Object.entries(release.jobs).map(([name, job]) => [name, job.needs])).toEqual([
    ['build', undefined],
    ['dev', ['build']],
    ['prod', ['build', 'dev']],
  ]);
});

test('what a workflow runs is exported beside it', () => {
  const files = exported({}, ['github-actions']);
  for (const { content } of files.filter((file) => file.path.startsWith('.github/workflows/'))) {
    for (const [, script] of content.matchAll(/run: bash (\S+)/g))
      expect(fileAt(files, script ?? '')).toMatch(/^#!.*\n# /);
    for (const [, workflow] of content.matchAll(/uses: \.\/(\S+)/g))
      expect(fileAt(files, workflow ?? '')).toContain('workflow_call');
  }
});

function weaknesses(content: string): string[] {
  const found: string[] = [];
  const workflow = parse(content) as Workflow;
  if (JSON.stringify(workflow.permissions) !== '{}') found.push('permissions are not empty at the top');
  for (const [, action] of content.matchAll(/uses: (\S+.*)$/gm)) {
    if (!action?.startsWith('./') && !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ''))
      found.push(`${action} is not pinned`);
  }
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (job.permissions === undefined) found.push(`job ${name} has no permissions of its own`);
    if (job.uses === undefined && job['timeout-minutes'] === undefined) found.push(`job ${name} may run for ever`);
    for (const step of job.steps ?? []) {
      if (step.run?.includes('${{')) found.push(`job ${name} has an expression in a script`);
      const checkout = step.uses?.startsWith('actions/checkout');
      if (checkout && (step.with as { 'persist-credentials'?: boolean } | undefined)?.['persist-credentials'] !== false)
        found.push(`job ${name} keeps credentials`);
    }
  }
  return found;
}
