import {
  crashPointFootprint,
  crashPointParameters,
  crashPointTargets,
  injectFailpoint,
} from '../failpoint-injection.ts';
import { defineFault } from '../fault.ts';

export const crashAfterCommit = defineFault({
  name: 'crash-after-commit',
  code: 'F-21',
  title: 'Crash after the commit, before publishing',
  topic: 'crash-point',
  mechanism: 'The process dies with its change committed and its message not yet published.',
  expect: 'The order waits, its message is published after the restart; one trace with a gap.',
  threatens: ['L1', 'L2', 'S12'],
  parameters: crashPointParameters,
  targets: (world) => crashPointTargets(world, ['orders', 'inventory', 'billing', 'workers']),
  footprint: crashPointFootprint,
  inject: (order) => injectFailpoint(order, 'outbox.after_commit'),
});
