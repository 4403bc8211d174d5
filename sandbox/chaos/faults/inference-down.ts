import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { holdDown } from '../hold-down.ts';
import { processTargets } from '../targets.ts';

export const inferenceDown = defineFault({
  name: 'inference-down',
  code: 'F-41',
  title: 'Inference down',
  topic: 'application',
  mechanism: 'The inference service is killed and kept down.',
  expect: 'Orders go on without a score from it; search falls back or says that it cannot.',
  threatens: ['L12', 'R4'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ name }) => name === 'inference'),
  footprint: ({ target }) => onProcess(target, 'down'),
  inject: holdDown,
});
