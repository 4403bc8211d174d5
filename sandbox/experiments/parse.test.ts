import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../supervisor/home.ts';
import { parseExperiment } from './parse.ts';
import { assertFeasible, planExperiment } from './plan.ts';
import { readyExperiments } from './ready.ts';
import { brokerDown, experiment } from './testing/world.ts';

const good = `
title: A title
description: What it is about
steady-state-hypothesis:
  title: all is well
  probes:
    - { type: probe, name: all run, provider: { type: processes }, tolerance: 0 }
load: { rate: 5, for: 10s }
method:
  - type: action
    name: outage
    at: 2s
    provider: { type: fault, fault: broker-down, target: broker, for: 4s }
invariants: [S3]
`;

describe('an experiment file', () => {
  test('has defaults for what it does not say', () => {
    const parsed = parseExperiment(good, 'a.yaml');
    expect(parsed.rollbacks).toEqual([]);
    expect(parsed.load).toMatchObject({ saga: 'both', arrivals: 'poisson', mix: { happy: 100, declined: 0 } });
  });

  test('may be JSON', () => {
    expect(parseExperiment(JSON.stringify(experiment()), 'a.json')).toEqual(experiment());
  });

  test.each([
    ['at: 2s', 'at: soon', 'a.yaml:12: method[0].at'],
    ['for: 4s', 'for: 20m', 'a.yaml:13: method[0].provider.for: must be from 1 s to 900 s'],
    ['rate: 5', 'rate: 0', 'a.yaml:8: load.rate'],
    ['invariants: [S3]', 'invariants: [S99]', 'a.yaml:14: invariants[0]'],
    ['tolerance: 0', 'tolerance: [5, 1]', 'a.yaml:7: steady-state-hypothesis.probes[0].tolerance'],
    ['target: broker', 'taget: broker', 'a.yaml:13: method[0].provider'],
    ['title: A title', 'title: A title\nowner: me', 'a.yaml'],
    ['type: action', 'type: magic', 'a.yaml:10: method[0].type'],
    ['title: A title', 'title: [', 'a.yaml:3'],
  ])('with %j as %j is refused, with file, line and path', (from, to, message) => {
    expect(() => parseExperiment(good.replace(from, to), 'a.yaml')).toThrow(
      expect.objectContaining({ code: 'invalid_argument', message: expect.stringContaining(message) }),
    );
  });

  test('that only looks and does nothing is refused', () => {
    const probe = { type: 'probe', name: 'x', at: '1s', provider: { type: 'processes' }, tolerance: 0 };
    const text = JSON.stringify({ ...experiment(), method: [probe] });
    expect(() => parseExperiment(text, 'a.json')).toThrow(/method: nothing is done/);
  });

  test('with two steps of one name is refused', () => {
    const [first] = experiment().method;
    const text = JSON.stringify({ ...experiment(), method: [first, first] });
    expect(() => parseExperiment(text, 'a.json')).toThrow(/method: each name may be given once/);
  });

  test('whose aliases unfold without end is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(12).fill(`*l${n}`).join(', ')}]`,
    );
    expect(() => parseExperiment(`l0: &l0 x\n${levels.join('\n')}`, 'bomb.yaml')).toThrow(/bomb\.yaml/);
  });
});

describe('a plan', () => {
  const seeded = experiment({
    method: [
      { ...experiment().method[0], at: ['2s', '9s'] },
      { type: 'probe', name: 'early', at: '1s', provider: { type: 'processes' }, tolerance: 0 },
    ],
  });

  test('follows from file and seed alone, and another seed makes another', () => {
    expect(planExperiment(seeded, 7)).toEqual(planExperiment(seeded, 7));
    const times = [1, 2, 3, 4, 5].map(
      (seed) => planExperiment(seeded, seed).steps.find(({ type }) => type === 'fault')?.atMs,
    );
    expect(new Set(times).size).toBe(5);
    for (const atMs of times) expect(atMs).toBeGreaterThanOrEqual(2_000);
    for (const atMs of times) expect(atMs).toBeLessThanOrEqual(9_000);
  });

  test('is in order of time and gives its seed to the load and to each fault', () => {
    const { steps, load } = planExperiment(seeded, 7);
    expect(steps.map(({ type }) => type)).toEqual(['probe', 'fault']);
    expect(steps[1]).toMatchObject({ order: { seed: '7-0', ttlMs: 4_000 } });
    expect(load).toMatchObject({ seed: 7, seconds: 10, ratePerSecond: 5 });
  });

  test.each([
    [{ fault: 'gremlins' }, /"outage": there is no fault "gremlins"; there are broker-down/],
    [{ target: 'nowhere' }, /has no target "nowhere"; it has broker/],
    [{ parameters: { size: 3 } }, /has no parameter "size"; it has none/],
  ])('with %j cannot be carried out', (change, message) => {
    const [first] = experiment().method;
    const wrong = experiment({ method: [{ ...first, provider: { ...first?.provider, ...change } }] });
    expect(() => assertFeasible(planExperiment(wrong, 1), [brokerDown])).toThrow(message);
  });

  test('with two faults at once on a target cannot be carried out', () => {
    const [first] = experiment().method;
    const wrong = experiment({ method: [first, { ...first, name: 'again', at: '5s' }] });
    expect(() => assertFeasible(planExperiment(wrong, 1), [brokerDown])).toThrow(
      '"again" begins while "outage" may still be on broker',
    );
  });
});

test('the ready experiments are experiments, at least eight', async () => {
  const all = await readyExperiments(path.join(repository, 'experiments'));
  expect(all.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(all.length).toBeGreaterThanOrEqual(8);
});
