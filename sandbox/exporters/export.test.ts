import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isAppError } from '#contracts/errors.ts';
import { processEnv } from '../process-env.ts';
import { repository } from '../supervisor/home.ts';
import { fleet } from '../topology.ts';
import { exportTargets, renderExport } from './export.ts';
import { parseExportOptions } from './parse-options.ts';
import { planOf } from './plan.ts';
import { exceptionsOf } from './report/exceptions.ts';
import { exported, fileAt, someDigest } from './testing/exported.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'orrery-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('two exports are the same bytes', () => {
  expect(exported()).toEqual(exported());
});

test('every path is given once, stays inside, and every file ends with a line break', () => {
  const files = exported();
  expect(new Set(files.map((file) => file.path)).size).toBe(files.length);
  for (const { path: place, content } of files) {
    expect(place).toMatch(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/);
    expect(place.split('/')).not.toContain('..');
    expect(content.endsWith('\n'), place).toBe(true);
    expect(content, place).not.toContain('undefined');
  }
});

describe('an option changes the files that it should and no others', () => {
  const changedBy = (options: Record<string, unknown>) => {
    const before = new Map(exported({}, ['kubernetes']).map((file) => [file.path, file.content]));
    const after = new Map(exported(options, ['kubernetes']).map((file) => [file.path, file.content]));
    return [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => before.get(name) !== after.get(name))
      .sort();
  };
  const reports = /^(EXPORT-REPORT|EXCEPTIONS)\.md$/;
  test.each([
    [
      'replicas',
      { replicas: 3 },
      /(horizontal-pod-autoscaler|scaled-object|overlays\/(dev|staging|prod)\/kustomization)\.yaml$/,
    ],
    [
      'registry',
      { registry: 'ghcr.io/acme' },
      /(deployment|jobs\/[a-z-]+|overlays\/(dev|staging|prod)\/kustomization)\.yaml$/,
    ],
    ['digest', { digest: someDigest }, /(deployment|jobs\/[a-z-]+|overlays\/(dev|staging|prod)\/kustomization)\.yaml$/],
    ['lagThreshold', { lagThreshold: 7 }, /scaled-object\.yaml$/],
    ['secretStore', { secretStore: 'vault' }, /credentials\.yaml$/],
    ['overlays', { overlays: 'prod' }, /overlays\/(dev|staging)\/kustomization\.yaml$/],
    ['gatewayName', { gatewayName: 'edge' }, /route\.yaml$/],
    ['postgres', { postgres: 'statefulset' }, /(\/postgres\/[a-z-]+|network-policy|base\/kustomization)\.yaml$/],
    [
      'redpanda',
      { redpanda: 'statefulset' },
      // The broker's address is part of the shared configuration, and so of the checksum of every Deployment.
      /(\/redpanda\/[a-z-]+|network-policy|fleet-config|deployment|scaled-object|kustomization)\.yaml$/,
    ],
    [
      'valkey',
      { valkey: 'statefulset' },
      /(\/valkey\/[a-z-]+|(gateway|pricing)\/(network-policy|deployment|credentials)|base\/kustomization)\.yaml$/,
    ],
    [
      'a Valkey elsewhere',
      { valkey: 'reference' },
      /((gateway|pricing)\/(network-policy|deployment|credentials)|base\/kustomization)\.yaml$/,
    ],
  ])('%s', (_, options, expected) => {
    const changed = changedBy(options).filter((name) => !reports.test(name));
    expect(changed).not.toEqual([]);
    for (const name of changed) expect(name).toMatch(expected);
  });
});

test('YAML means the same by the rules of 1.1 and of 1.2', () => {
  for (const { path: place, content } of exported()) {
    if (!/\.ya?ml$/.test(place) || content.includes('{{')) continue;
    const [old, current] = (['1.1', '1.2'] as const).map((version) =>
      parseAllDocuments(content, { version }).map((document) => document.toJS()),
    );
    expect(old, place).toEqual(current);
  }
});

test('YAML that means two things would be seen', () => {
  const [old, current] = (['1.1', '1.2'] as const).map((version) =>
    parseAllDocuments('on: yes\n', { version }).map((document) => document.toJS()),
  );
  expect(old).not.toEqual(current);
});

test('no value of the running environment is in any file', () => {
  const secrets = {
    DATABASE_URL: 'postgres://orders:hunter2hunter2@127.0.0.1:5432/orders',
    HOME: '/home/somebody-real',
  };
  const before = { ...process.env };
  Object.assign(process.env, secrets);
  try {
    const text = exported()
      .map((file) => file.content)
      .join('\n');
    for (const value of Object.values(secrets)) expect(text).not.toContain(value);
    expect(text).not.toMatch(/postgres:\/\/[^\s"]*:[^\s"]*@/);
    expect(text).not.toContain(repository);
  } finally {
    for (const name of Object.keys(secrets)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});

test('linters are told to look away exactly where EXCEPTIONS.md says so', () => {
  const stores = [{ redpanda: 'statefulset' }, { postgres: 'statefulset', valkey: 'statefulset' }];
  for (const options of [{}, { autoscaling: 'none' }, { autoscaling: 'hpa' }, ...stores]) {
    const files = exported(options);
    const used = new Set<string>();
    for (const { content } of files.filter((file) => file.path.startsWith('kubernetes/'))) {
      for (const [, rule] of content.matchAll(/polaris\.fairwinds\.com\/([A-Za-z]+)-exempt/g))
        used.add(`Polaris ${rule}`);
      for (const [, rule] of content.matchAll(/kube-score\/ignore: (\S+)/g)) used.add(`kube-score ${rule}`);
      for (const [, rule] of content.matchAll(/checkov\.io\/skip\d: (\w+)=/g)) used.add(`Checkov ${rule}`);
    }
    const listed = exceptionsOf(planOf(fleet, parseExportOptions(options)), exportTargets)
      .filter(({ tool, rule }) => tool === 'Polaris' || tool === 'kube-score' || rule.startsWith('CKV_K8S_'))
      .map(({ tool, rule }) => `${tool} ${rule}`);
    expect(new Set(listed)).toEqual(used);
    for (const rule of listed) expect(fileAt(files, 'EXCEPTIONS.md')).toContain(rule.split(' ')[1]);
  }
});

test('findings name a file, a line that shows the cause, and a fix', () => {
  const { files, findings } = renderExport(fleet, ['kubernetes'], parseExportOptions({ maxReplicas: 9 }));
  expect(findings.map((finding) => finding.message).join('\n')).toMatch(/no digest[\s\S]*partitions/);
  for (const { file, line, fix } of findings) {
    expect(fileAt(files, file ?? '').split('\n').length).toBeGreaterThanOrEqual(line ?? Number.POSITIVE_INFINITY);
    expect(fix).not.toBe('');
  }
  const ready = parseExportOptions({
    digest: someDigest,
    registry: 'ghcr.io/acme',
    host: 'shop.acme.dev',
    paymentsUrl: 'https://api.acme.dev',
    valkey: 'reference',
  });
  expect(renderExport(fleet, ['kubernetes'], ready).findings).toEqual([]);
});

describe('options that cannot be meant', () => {
  test.each([
    [{ namespace: 'Not_A_Label' }, 'namespace "Not_A_Label": must be a DNS label'],
    [{ replicas: -1 }, 'replicas "-1": must be at least 1'],
    [{ replicas: 'two' }, 'replicas "two": must be a whole number'],
    [{ digest: 'sha256:abc' }, 'digest "sha256:abc": must be sha256: followed by 64'],
    [{ registry: 'https://ghcr.io/acme' }, 'registry "https://ghcr.io/acme": must be a registry'],
    [{ tag: 'latest' }, 'must not be "latest"'],
    [{ replicas: 4, maxReplicas: 3 }, 'maxReplicas "3": must be above replicas (4)'],
    [{ replcias: 3 }, 'replcias "3": there is no such option; there are namespace, registry'],
    [{ paymentsUrl: 'http://plain' }, 'must be an https URL'],
    [{ overlays: 'qa' }, 'overlays "qa"'],
    [{ postgres: 'none' }, 'postgres "none"'],
    [{ valkey: 'StatefulSet' }, 'valkey "StatefulSet"'],
  ])('%j', (options, message) => {
    try {
      parseExportOptions(options);
      expect.unreachable();
    } catch (error) {
      expect(isAppError(error, 'invalid_argument')).toBe(true);
      expect((error as Error).message).toContain(message);
    }
  });
});

describe('orrery export', () => {
  const orrery = (...args: string[]) =>
    spawnSync(process.execPath, ['sandbox/cli.ts', 'export', ...args], {
      cwd: repository,
      encoding: 'utf8',
      env: processEnv({ PATH: process.env.PATH ?? '', ORRERY_HOME: path.join(folder, 'home') }),
    });

  test('writes what the renderer gives', () => {
    const out = path.join(folder, 'whole');
    const { status, stderr } = orrery(
      'all',
      '--out',
      out,
      '--option',
      'replicas=3',
      '--option',
      'registry=ghcr.io/acme',
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const files = exported({ replicas: '3', registry: 'ghcr.io/acme' });
    const written = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(written).toHaveLength(files.length);
    for (const file of files) expect(readFileSync(path.join(out, file.path), 'utf8')).toBe(file.content);
  });

  test('refuses bad options and folders, and writes nothing', () => {
    const file = path.join(folder, 'file');
    const full = path.join(folder, 'full');
    writeFileSync(file, 'kept');
    mkdirSync(full);
    writeFileSync(path.join(full, 'mine.txt'), 'kept');
    const before = readdirSync(folder, { recursive: true });
    for (const [args, message] of [
      [['all', '--out', file], 'is a file'],
      [['all', '--out', full], 'is not empty: it holds mine.txt'],
      [['all', '--out', path.join(file, 'below')], 'cannot be used'],
      [['all', '--out', path.join(folder, 'new'), '--option', 'namespace=A B'], 'namespace "A B"'],
      [['all', '--out', path.join(folder, 'new'), '--option', 'replicas=-2'], 'must be at least 1'],
      [['all', '--out', path.join(folder, 'new'), '--option', 'replicas'], 'name=value'],
      [['everything', '--out', path.join(folder, 'new')], "'everything' is invalid"],
      [['all'], "required option '-o, --out <folder>'"],
    ] as const) {
      const { status, stderr } = orrery(...args);
      expect(stderr).toContain(message);
      expect(status).toBe(2);
    }
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
    expect(readFileSync(file, 'utf8')).toBe('kept');
  });
});
