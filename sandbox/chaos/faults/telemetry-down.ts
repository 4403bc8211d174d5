import { z } from 'zod';
import { defineFault } from '../fault.ts';
import { holdDown } from '../hold-down.ts';
import { processTargets } from '../targets.ts';

export const telemetryDown = defineFault({
  name: 'telemetry-down',
  code: 'F-46',
  title: 'Telemetry down',
  topic: 'infrastructure',
  mechanism: 'The telemetry store is killed and kept down.',
  expect: 'Services are not touched; traces and logs have a blind window.',
  threatens: ['OBS1'],
  parameters: z.strictObject({}),
  targets: (world) => processTargets(world, ({ name }) => name === 'telemetry'),
  inject: holdDown,
});
