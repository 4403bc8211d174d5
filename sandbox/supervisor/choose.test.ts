import { expect, test } from 'vitest';
import { processEnv } from '../process-env.ts';
import { fleet } from '../topology.ts';
import { chooseProcesses, portWishes } from './choose.ts';

test('all processes, some, or all but some', () => {
  expect(chooseProcesses(fleet, processEnv({})).size).toBe(fleet.processes.length);
  const only = chooseProcesses(fleet, processEnv({ ORRERY_ONLY: 'postgres, broker' }));
  expect([...only]).toEqual(['postgres', 'broker']);
  const without = chooseProcesses(fleet, processEnv({ ORRERY_WITHOUT: 'console' }));
  expect(without.has('console')).toBe(false);
});

test('a name that does not exist is said', () => {
  const wrong = processEnv({ ORRERY_ONLY: 'postgers' });
  expect(() => chooseProcesses(fleet, wrong)).toThrow('ORRERY_ONLY: there is no process postgers');
});

test('a port base moves the whole fleet', () => {
  const based = processEnv({ ORRERY_PORT_BASE: '21000' });
  const wishes = portWishes(fleet, { name: 'supervisor', port: 7070 }, based);
  expect(wishes[0]).toEqual({ process: 'supervisor', purpose: 'http', port: 21_000 });
  expect(new Set(wishes.map((wish) => wish.port)).size).toBe(wishes.length);
  const wrong = processEnv({ ORRERY_PORT_BASE: '80' });
  expect(() => portWishes(fleet, { name: 'supervisor', port: 7070 }, wrong)).toThrow('ORRERY_PORT_BASE');
});
