import {
  crashPointFootprint,
  crashPointParameters,
  crashPointTargets,
  injectFailpoint,
} from '../failpoint-injection.ts';
import { defineFault } from '../fault.ts';

export const crashAfterAck = defineFault({
  name: 'crash-after-ack',
  code: 'F-22',
  title: 'Crash after publishing, before marking',
  topic: 'crash-point',
  mechanism: 'The process dies when the broker has its message and the outbox row is not yet marked.',
  expect: 'The message is published twice and handled once: the inbox skips the second.',
  threatens: ['S3', 'S6'],
  parameters: crashPointParameters,
  targets: (world) => crashPointTargets(world, ['orders', 'inventory', 'billing', 'workers']),
  footprint: crashPointFootprint,
  inject: (order) => injectFailpoint(order, 'outbox.after_ack'),
});
