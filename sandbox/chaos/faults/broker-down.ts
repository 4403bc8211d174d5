import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { onProcess } from '../footprints.ts';
import { holdDown } from '../hold-down.ts';
import { processTargets } from '../targets.ts';

export const brokerDown = defineFault({
  name: 'broker-down',
  code: 'F-35',
  title: 'Broker down',
  topic: 'infrastructure',
  mechanism: 'The broker is killed and kept down.',
  expect: 'Orders are still accepted; the outboxes grow and drain afterwards.',
  threatens: ['L1', 'L2'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ name }) => name === 'broker'),
  footprint: ({ target }) => onProcess(target, 'down'),
  inject: holdDown,
});
