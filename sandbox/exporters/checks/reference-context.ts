import { topicsOfConsumer } from '#contracts/events/topics.ts';
import { storesOf } from '../kubernetes/objects.ts';
import { secretName } from '../kubernetes/secrets.ts';
import { secretNameOf } from '../kubernetes/stores/store.ts';
import { consumersOf, type Plan } from '../plan.ts';
import { settingsOf } from '../settings.ts';
import type { ReferenceContext } from './references.ts';

/** What may be named although no object of the export defines it. */
export function referenceContext(plan: Plan): ReferenceContext {
  const { options } = plan;
  return {
    topics: new Set([
      ...plan.topics.map((topic) => topic.name),
      ...consumersOf(plan).flatMap((service) => topicsOfConsumer(service.process.name)),
    ]),
    expectedSecrets: new Map(
      options.secrets === 'named'
        ? [
            ...plan.services.map((service) => [secretName(service), service.secretFiles] as const),
            ...storesOf(plan, settingsOf(plan, 'base')).map(
              ({ name, secretFiles }) => [secretNameOf(name), secretFiles.map(({ key }) => key)] as const,
            ),
          ]
        : [],
    ),
    namespaces: new Set([
      options.dataNamespace,
      options.observabilityNamespace,
      ...options.kafkaBrokers.split(',').map((address) => address.split('.')[1] ?? ''),
    ]),
  };
}
