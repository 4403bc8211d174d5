import { type EventName, events } from '#contracts/events/events.ts';
import { everyEvent, type Handlers } from '#kit/kafka/handlers.ts';
import { type RecordEventDeps, recordEvents } from './record-events.ts';

/** History listens to everything; a new event in the contracts is taken in without a change here. */
export function historyHandlers(deps: RecordEventDeps): Handlers {
  return everyEvent(Object.keys(events) as EventName[], (tx, deliveries) =>
    recordEvents(
      deps,
      tx,
      deliveries.map(({ event, context: { topic, partition, offset } }) => ({
        event,
        received: { topic, partition, offset },
      })),
    ),
  );
}
