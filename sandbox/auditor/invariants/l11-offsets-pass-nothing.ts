import { firstOf, orderInvariant } from './invariant.ts';

export const l11 = orderInvariant({
  id: 'L11',
  name: 'Offsets pass nothing unhandled',
  kind: 'safety',
  statement:
    'The offset that a consumer group has committed never lies beyond a message that it neither handled nor parked.',
  deadlineMs: null,
  check({ deliveries }) {
    const evidence = { deliveries: deliveries.length };
    const passed = deliveries.filter(({ state }) => state === 'passed');
    return {
      evidence,
      problem:
        passed.length === 0
          ? null
          : `Committed past and not handled: ${firstOf(
              passed.map(
                ({ consumer, record }) =>
                  `${record.event} at ${record.topic}/${record.partition}/${record.offset} by ${consumer}`,
              ),
            )}.`,
    };
  },
});
