import { beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '#contracts/sandbox/experiment-comparison.ts';
import { ExperimentRun } from '#contracts/sandbox/experiments.ts';
import { fakeClock } from '../../chaos/testing/world.ts';
import { runExperiment } from '../run.ts';
import { experiment, fakeSandbox, verdict } from '../testing/world.ts';
import { reportHtml } from './html-report.ts';
import { junitXml } from './junit.ts';
import { postmortem } from './postmortem.ts';

let run: ExperimentRun;
let html: string;

beforeAll(async () => {
  const clock = fakeClock();
  const world = fakeSandbox(clock);
  const orderId = '01a20de9-ad47-7629-b300-e072e471df30';
  world.worstOrders = async () => [
    { orderId, traceId: 'a'.repeat(32), kind: 'happy', status: 'confirmed', tookMs: 9_000 },
  ];
  const problem = 'captured twice <script>alert(1)</script>';
  const handle = runExperiment({
    run: 'test-1',
    experiment: experiment({ title: 'Broker & <away>' }),
    seed: 1,
    world,
    clock,
  });
  await clock.advance(11_000);
  world.verdicts = [
    verdict('S3', {
      state: 'invalid',
      violations: 1,
      counterexample: {
        subject: orderId,
        orderId,
        traceId: null,
        problem,
        foundAt: '2026-01-01T00:00:00.000Z',
        timeline: [],
      },
    }),
    verdict('L1'),
  ];
  for (let passed = 0; handle.current().phase !== 'over' && passed < 100; passed += 1) await clock.advance(1_000);
  run = await handle.done;
  html = reportHtml(run);
});

test('the report is what the contract says, and survives JSON', () => {
  expect(ExperimentRun.parse(JSON.parse(JSON.stringify(run)))).toEqual(run);
  expect(run.outcome).toBe('deviated');
});

test('the HTML tells faults with their hits, orders, the counterexample, the worst orders and the postmortem', () => {
  for (const text of [
    'F-35 Broker down',
    '<dd class="mono">50</dd>',
    'captured twice',
    'a'.repeat(32),
    'Detected after',
    'Burn of the error',
  ]) {
    expect(html).toContain(text);
  }
  for (const { heading } of postmortem(run)) expect(html).toContain(`<h3>${heading}</h3>`);
});

test('the postmortem has the headings of the guide', () => {
  const headings = postmortem(run).map(({ heading }) => heading);
  expect(headings).toEqual(
    expect.arrayContaining([
      'Incident detection',
      'Initial triage',
      'Mitigation',
      'Timeline',
      'Root cause',
      'Action items',
    ]),
  );
  for (const { heading, lines } of postmortem(run)) expect(lines.length, heading).toBeGreaterThan(0);
});

test('it refers to nothing outside of itself, forbids scripts, and what was found stays text', () => {
  expect(html).not.toMatch(/<script|<img|\s(?:src|href|action)=|@import|url\(/);
  expect(html).toContain('default-src &#39;none&#39;');
  expect(html).toContain('&#60;script&#62;');
});

test('JUnit has a case for each thing that must hold, and fails those that did not', () => {
  const xml = junitXml(run);
  expect(xml).toContain('name="outage: bites"');
  expect(xml).toMatch(/name="S3 name of S3" time="0.000"><failure message="captured twice/);
  expect(xml).toMatch(/name="L1 name of L1" time="0.000"\/>/);
  expect(xml).toContain('name="Broker &#38; &#60;away&#62;"');
  const failures = xml.match(/<failure /g)?.length;
  expect(xml).toContain(`failures="${failures}"`);
});

describe('a comparison', () => {
  const without = { service: 'billing', pattern: 'idempotency-key' } as const;
  const half = (part: 'with' | 'without', outcome: ExperimentRun['outcome']): ExperimentRun => ({
    ...run,
    run: `run-${part}`,
    outcome,
    deviations: [],
    shown: part === 'without' ? ['S3 is broken: captured twice'] : [],
    verdicts: part === 'without' ? run.verdicts : [verdict('S3'), verdict('L1')],
    duplicatesAbsorbed: part === 'without' ? 0 : 4,
    comparison: { part, without, other: 'run-x', breaks: ['S3'], teaches: 'Asking again is charging again.' },
  });

  test('puts both halves beside each other, with the counterexample of what broke', () => {
    const rows = compareRuns(half('with', 'passed'), half('without', 'lesson'));
    expect(rows).toContainEqual({ what: 'Invariants broken', with: 'none', without: 'S3' });
    expect(rows).toContainEqual({ what: 'Duplicates absorbed', with: '4', without: '0' });
    expect(compareRuns(half('with', 'passed'), null)).toContainEqual({
      what: 'Invariants broken',
      with: 'none',
      without: '–',
    });
    for (const page of [
      reportHtml(half('with', 'passed'), half('without', 'lesson')),
      reportHtml(half('without', 'lesson'), half('with', 'passed')),
    ]) {
      expect(page).toContain('With and without idempotency key in billing');
      expect(page).toContain('Asking again is charging again.');
      expect(page).toMatch(/<td>Invariants broken<\/td><td>none<\/td><td class="warn">S3<\/td>/);
    }
  });

  test('has a suite for each half in JUnit, and the lesson is no failure there', () => {
    const xml = junitXml(half('with', 'passed'), half('without', 'lesson'));
    expect(xml.match(/<testsuite /g)).toHaveLength(2);
    expect(xml.match(/failures="0"/g)).toHaveLength(2);
    expect(xml).toMatch(/name="S3 name of S3" time="0.000"><skipped message="as expected: captured twice/);
  });
});
