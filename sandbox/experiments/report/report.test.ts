import { beforeAll, expect, test } from 'vitest';
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
