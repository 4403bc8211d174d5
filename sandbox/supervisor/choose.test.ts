import { expect, test } from 'vitest';
import { fleet } from '../topology.ts';
import { chooseProcesses, portWishes } from './choose.ts';

test('all processes, some, or all but some', () => {
  expect(chooseProcesses(fleet, {} as NodeJS.ProcessEnv).size).toBe(fleet.processes.length);
  const only = chooseProcesses(fleet, { ORRERY_ONLY: 'postgres, broker' } as unknown as NodeJS.ProcessEnv);
  expect([...only]).toEqual(['postgres', 'broker']);
  const without = chooseProcesses(fleet, { ORRERY_WITHOUT: 'console' } as unknown as NodeJS.ProcessEnv);
  expect(without.has('console')).toBe(false);
});

test('a name that does not exist is said', () => {
  const wrong = { ORRERY_ONLY: 'postgers' } as unknown as NodeJS.ProcessEnv;
  expect(() => chooseProcesses(fleet, wrong)).toThrow('ORRERY_ONLY: there is no process postgers');
});

test('a port base moves the whole fleet', () => {
  const based = { ORRERY_PORT_BASE: '21000' } as unknown as NodeJS.ProcessEnv;
  const wishes = portWishes(fleet, { name: 'supervisor', port: 7070 }, based);
  expect(wishes[0]).toEqual({ process: 'supervisor', purpose: 'http', port: 21_000 });
  expect(new Set(wishes.map((wish) => wish.port)).size).toBe(wishes.length);
  const wrong = { ORRERY_PORT_BASE: '80' } as unknown as NodeJS.ProcessEnv;
  expect(() => portWishes(fleet, { name: 'supervisor', port: 7070 }, wrong)).toThrow('ORRERY_PORT_BASE');
});
