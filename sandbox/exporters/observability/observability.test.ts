import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { burnRates, errorBudget } from '../slo/slo.ts';
import { exported, fileAt, yamlAt } from '../testing/exported.ts';
import { writeFiles } from '../write-files.ts';

const files = exported({}, ['observability']);
const folder = 'observability';

/** Who makes each metric that a query may name: the Collector's connector and receiver, cAdvisor. */
const metrics = [
  'traces_span_metrics_calls_total',
  'traces_span_metrics_duration_milliseconds_bucket',
  'traces_span_metrics_duration_milliseconds_sum',
  'kafka_consumer_group_lag',
  'container_cpu_usage_seconds_total',
  'container_memory_working_set_bytes',
];

type Rules = {
  groups: { rules: { record?: string; alert?: string; expr: string; annotations?: Record<string, string> }[] }[];
};
const rules = () => yamlAt<Rules>(files, `${folder}/prometheus/rules/slo.yaml`).groups.flatMap((group) => group.rules);

test('every query names metrics that something makes, or that a rule records', () => {
  const recorded = rules().flatMap(({ record }) => record ?? []);
  const dashboard = JSON.parse(fileAt(files, `${folder}/grafana/dashboards/orrery.json`)) as {
    panels: { targets: { expr: string }[] }[];
  };
  const queries = [
    ...rules().map(({ expr }) => expr),
    ...dashboard.panels.flatMap((panel) => panel.targets.map(({ expr }) => expr)),
  ];
  for (const query of queries) {
    const named =
      query.replace(/"[^"]*"| by \([^)]*\)/g, '').match(/\b[a-z]+(?:[_:][a-z0-9_:]+)+(?=\{| [>*]|\)|$)/g) ?? [];
    expect(named, query).not.toEqual([]);
    for (const name of named) expect([...metrics, ...recorded], query).toContain(name);
  }
});

test('every alert has its runbook', () => {
  for (const { alert, annotations } of rules().filter((rule) => rule.alert !== undefined)) {
    const page = annotations?.runbook_url?.split('/').pop() ?? '';
    expect(fileAt(files, `${folder}/runbooks/${page}`), alert).toMatch(/^# /);
  }
});

test('alerts burn at the factors of the workbook', () => {
  const expressions = rules().flatMap(({ alert, expr }) => (alert?.startsWith('ErrorBudgetBurn') ? [expr] : []));
  expect(expressions).toHaveLength(burnRates.length);
  for (const { long, short, factor } of burnRates) {
    const bound = Number((factor * errorBudget).toFixed(6));
    expect(
      expressions.some(
        (expr) => expr.includes(`rate${long} > ${bound} and`) && expr.endsWith(`rate${short} > ${bound}`),
      ),
    ).toBe(true);
  }
});

test('every part of a pipeline is declared, and none by a name that is on its way out', () => {
  type Collector = Record<string, Record<string, object>> & {
    service: { pipelines: Record<string, Record<string, string[]>> };
  };
  const collector = yamlAt<Collector>(files, `${folder}/otel-collector/config.yaml`);
  for (const pipeline of Object.values(collector.service.pipelines)) {
    expect(pipeline.processors?.[0]).toBe('memory_limiter');
    for (const [kind, names] of Object.entries(pipeline)) {
      for (const name of names) expect({ ...collector[kind], ...collector.connectors }, name).toHaveProperty([name]);
    }
  }
  expect(fileAt(files, `${folder}/otel-collector/config.yaml`)).not.toMatch(
    /^ {2}(otlp|otlphttp|batch|spanmetrics)\/?\w*:$(?![\s\S]{0,20}protocols)/m,
  );
});

test('data sources that lead to each other exist', () => {
  const { datasources } = yamlAt<{ datasources: { uid: string }[] }>(
    files,
    `${folder}/grafana/provisioning/datasources/datasources.yaml`,
  );
  const uids = datasources.map(({ uid }) => uid);
  for (const [, uid] of JSON.stringify(datasources).matchAll(/"datasourceUid":"(\w+)"/g)) expect(uids).toContain(uid);
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

test.runIf(promtool)('promtool passes the rules and their tests, and fails them when a threshold is lost', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'orrery-rules-'));
  try {
    const run = async (name: string, change: (text: string) => string) => {
      const at = path.join(place, name);
      await writeFiles(
        at,
        files.map((file) => ({ ...file, content: change(file.content) })),
      );
      const rulesFolder = path.join(at, folder, 'prometheus/rules');
      return ['check', 'test'].map(
        (verb) =>
          spawnSync('promtool', [verb, 'rules', `${verb === 'check' ? 'slo' : 'slo.test'}.yaml`], { cwd: rulesFolder })
            .status,
      );
    };
    expect(await run('right', (text) => text)).toEqual([0, 0]);
    expect(await run('wrong', (text) => text.replace(/ > 0\.0072/g, ' > 2'))).toEqual([0, 1]);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
});
