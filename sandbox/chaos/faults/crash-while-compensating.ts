import {
  crashPointFootprint,
  crashPointParameters,
  crashPointTargets,
  injectFailpoint,
} from '../failpoint-injection.ts';
import { defineFault } from '../fault.ts';

export const crashWhileCompensating = defineFault({
  name: 'crash-while-compensating',
  code: 'F-25',
  title: 'Crash while compensating',
  topic: 'crash-point',
  mechanism: 'The orchestrator dies when a saga has begun to undo and its next compensation is not yet sent.',
  expect: 'The compensation goes on where it was.',
  threatens: ['L5'],
  parameters: crashPointParameters,
  targets: (world) => crashPointTargets(world, ['orders']),
  footprint: crashPointFootprint,
  inject: (order) => injectFailpoint(order, 'saga.compensating'),
});
