import { firstOf, fleetInvariant } from './invariant.ts';

/** Every customer of the shop has an address there: it stands for whatever must not leak. */
export const canary = '@example.com';
const lookBackMs = 5 * 60_000;

export type Leaks = { messages: number; onTopics: { orderId: string; place: string }[]; places: string[] };

export const sec2 = fleetInvariant<Leaks>({
  id: 'SEC2',
  name: 'No personal data on the way',
  kind: 'security',
  statement: 'No mail address of a customer appears in messages, dead letters, log lines or spans.',
  deadlineMs: null,
  everyMs: 60_000,
  async load({ index, traces, nowMs }) {
    return {
      messages: index.scanned,
      onTopics: index.canaries.map(({ key, topic, partition, offset }) => ({
        orderId: key,
        place: `${topic}/${partition}/${offset}`,
      })),
      places: await traces.placesOf(canary, nowMs - lookBackMs),
    };
  },
  check: ({ messages, onTopics, places }) => ({
    evidence: { messages, 'searches of logs and spans': 1 },
    violations: [
      ...(onTopics[0] === undefined
        ? []
        : [
            {
              subject: onTopics[0].orderId,
              orderId: onTopics[0].orderId,
              problem: `A mail address lies at ${firstOf(onTopics.map(({ place }) => place))}.`,
            },
          ]),
      ...places.map((place) => ({ subject: place, orderId: null, problem: `A mail address is in ${place}.` })),
    ],
  }),
});
