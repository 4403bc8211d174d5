import {
  crashPointFootprint,
  crashPointParameters,
  crashPointTargets,
  injectFailpoint,
} from '../failpoint-injection.ts';
import { defineFault } from '../fault.ts';

export const crashAfterCharge = defineFault({
  name: 'crash-after-charge',
  code: 'F-24',
  title: 'Crash between charge and record',
  topic: 'crash-point',
  mechanism: 'Billing dies when the provider has charged and nothing is recorded here.',
  expect: 'The restart finds the charge by its idempotency key; the customer is charged once.',
  threatens: ['S3', 'S4'],
  parameters: crashPointParameters,
  targets: (world) => crashPointTargets(world, ['billing']),
  footprint: crashPointFootprint,
  inject: (order) => injectFailpoint(order, 'billing.after_charge'),
});
