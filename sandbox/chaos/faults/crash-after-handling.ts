import {
  crashPointFootprint,
  crashPointParameters,
  crashPointTargets,
  injectFailpoint,
} from '../failpoint-injection.ts';
import { defineFault } from '../fault.ts';

export const crashAfterHandling = defineFault({
  name: 'crash-after-handling',
  code: 'F-23',
  title: 'Crash after handling, before the offset',
  topic: 'crash-point',
  mechanism: 'The process dies when a message is handled and its offset is not yet committed.',
  expect: 'The message is delivered again and skipped.',
  threatens: ['S6'],
  parameters: crashPointParameters,
  targets: (world) => crashPointTargets(world, ['orders', 'inventory', 'billing', 'workers', 'history']),
  footprint: crashPointFootprint,
  inject: (order) => injectFailpoint(order, 'consumer.after_commit'),
});
