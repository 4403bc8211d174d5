import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from './testing/run-cli.ts';

const home = mkdtempSync(path.join(tmpdir(), 'orrery-cli-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const orrery = (...args: string[]) => runCli(home, args);

test.each([
  [['--nope'], "unknown option '--nope'"],
  [['dance'], "unknown command 'dance'"],
  [['up', '--detached'], "unknown option '--detached'"],
  [['up', '--timeout', 'soon'], "'--timeout <seconds>' argument 'soon' is invalid"],
  [['order', '--count', '0'], "'-c, --count <n>' argument '0' is invalid"],
  [['order', '--count', '1.5'], "'-c, --count <n>' argument '1.5' is invalid"],
  [['order', '--preset', 'nice'], "argument 'nice' is invalid"],
  [['load'], "required option '-r, --rate <per second>' not specified"],
  [['load', '--rate', '1e9'], 'It must be a number above 0, at most 1000.'],
  [['load', '--rate', '5', '--for', '9h'], 'It must be a time such as 30s, 5m or 1h, at most 3600 s.'],
  [['load', '--rate', '5', '--mix', 'happy=1,sad=2'], '"sad=2" must be a kind and its share'],
  [['load', '--rate', '1000', '--for', '1h'], 'seconds: rate × seconds must be at most 100000 orders'],
  [['logs', 'nobody'], 'there is no process "nobody"'],
  [['trace', 'abc'], '"abc" is no trace id'],
  [['reset'], 'add --yes'],
])('wrong usage %j is named and exits with 2', async (args, message) => {
  const { code, err } = await orrery(...args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

test('without a running sandbox commands say how to start one', async () => {
  expect(await orrery('order')).toMatchObject({
    code: 1,
    err: expect.stringContaining('nothing is running here; start it with `npm start`, or in containers'),
  });
  const status = await orrery('status', '--json');
  expect(status.code).toBe(1);
  expect(JSON.parse(status.out)).toEqual({ running: false, orphans: [] });
  expect(await orrery('down')).toMatchObject({ code: 0, out: 'Nothing was running.\n' });
});

test('help lists every command', async () => {
  const { code, out } = await orrery('--help');
  expect(code).toBe(0);
  for (const name of [
    'up',
    'down',
    'status',
    'reset',
    'logs',
    'order',
    'load',
    'history',
    'traces',
    'trace',
    'topics',
    'audit',
  ]) {
    expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
  }
});
