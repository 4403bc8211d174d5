import { topics } from '#contracts/events/topics.ts';
import type { OutboxOwner } from './consumers.ts';
import { type Dossier, eventsOf } from './dossier.ts';

/** Aggregates of an order whose owner counts the events that it has published about them. */
export const aggregates: readonly {
  name: string;
  service: OutboxOwner;
  topic: string;
  /** Number of events that the owner's row counts, 0 without a row. */
  versionOf: (dossier: Dossier) => number;
}[] = [
  { name: 'order', service: 'orders', topic: topics.orders, versionOf: ({ order }) => order?.version ?? 0 },
  {
    name: 'reservation',
    service: 'inventory',
    topic: topics.inventory,
    versionOf: ({ reservation }) => reservation?.version ?? 0,
  },
  { name: 'payment', service: 'billing', topic: topics.billing, versionOf: ({ payment }) => payment?.version ?? 0 },
];

/** Versions 1…`version` that neither lie on the topic nor in the outbox rows that were read. */
export function missingVersions(dossier: Dossier, topic: string, version: number): number[] {
  const seen = new Set(eventsOf(dossier, topic).map((record) => record.version));
  for (const row of dossier.outbox) if (row.topic === topic) seen.add(row.aggregateVersion);
  return Array.from({ length: version }, (_, index) => index + 1).filter((wanted) => !seen.has(wanted));
}
