import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { holdDown } from '../hold-down.ts';
import { processTargets } from '../targets.ts';

export const databaseDown = defineFault({
  name: 'database-down',
  code: 'F-38',
  title: 'Database down',
  topic: 'infrastructure',
  mechanism: 'Postgres is killed and kept down; every service loses its database.',
  expect: 'Readiness fails, requests get 503, everything goes on when it is back.',
  threatens: ['S1', 'S2', 'S3', 'S4', 'S5', 'L1'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ name }) => name === 'postgres'),
  footprint: ({ target }) => onProcess(target, 'down'),
  inject: holdDown,
});
