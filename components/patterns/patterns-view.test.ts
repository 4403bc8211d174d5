import { expect, test } from 'vitest';
import { PatternName, type PatternStatus, type ServicePatterns } from '#contracts/sandbox/control-channel.ts';
import { knownPatterns } from './pattern-groups.ts';
import { patternViews, silentServices, switchedOff, withStatus } from './patterns-view.ts';

const status = (pattern: PatternName, more: Partial<PatternStatus> = {}): PatternStatus => ({
  pattern,
  description: `What ${pattern} does.`,
  enabled: true,
  offSince: null,
  switchable: true,
  threatens: [],
  parts: [],
  ...more,
});

const off = { enabled: false, offSince: '2026-01-02T03:04:05.000Z' };
const fleet: ServicePatterns[] = [
  {
    service: 'orders',
    reason: null,
    patterns: [
      status('inbox', { threatens: ['S13', 'S6'] }),
      status('circuit-breaker', { parts: [{ name: 'inference', facts: { state: 'open', opened: 1 } }] }),
    ],
  },
  {
    service: 'gateway',
    reason: null,
    patterns: [
      status('circuit-breaker', { ...off, parts: [{ name: 'orders', facts: { state: 'closed', rejected: 2 } }] }),
    ],
  },
  { service: 'pricing', reason: 'pricing does not run', patterns: null },
];

test('patterns come in the order of the page, each with all services that have it', () => {
  const views = patternViews(fleet, { show: 'all', service: null });
  expect(views.map(({ pattern }) => pattern)).toEqual(['circuit-breaker', 'inbox']);
  expect(views[0]?.services.map(({ service }) => service)).toEqual(['orders', 'gateway']);
  expect(views[0]?.columns).toEqual(['state', 'opened', 'rejected']);
  expect(views[1]?.threatens).toEqual(['S6', 'S13']);
});

test('the page narrows to a group, to a service, and to what is off', () => {
  const shown = (show: 'messages' | 'off' | 'all', service: string | null = null) =>
    patternViews(fleet, { show, service }).map(
      ({ pattern, services }) => `${pattern} ${services.map((one) => one.service)}`,
    );
  expect(shown('messages')).toEqual(['inbox orders']);
  expect(shown('off')).toEqual(['circuit-breaker gateway']);
  expect(shown('all', 'gateway')).toEqual(['circuit-breaker gateway']);
  expect(shown('off', 'orders')).toEqual([]);
});

test('what is off and who is silent is named', () => {
  expect(switchedOff(fleet).map(({ service, status }) => `${status.pattern} ${service}`)).toEqual([
    'circuit-breaker gateway',
  ]);
  expect(silentServices(fleet)).toEqual([{ service: 'pricing', reason: 'pricing does not run' }]);
});

test("a switch's answer takes the place of what was known", () => {
  const after = withStatus(fleet, 'orders', status('inbox', off));
  expect(switchedOff(after)).toHaveLength(2);
  expect(switchedOff(withStatus(after, 'pricing', status('inbox', off)))).toHaveLength(2);
});

test('every pattern of the contract has its place on the page', () => {
  expect(knownPatterns.map(({ pattern }) => pattern).sort()).toEqual([...PatternName.options].sort());
});
