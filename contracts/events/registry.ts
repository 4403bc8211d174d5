import { z } from 'zod';
import { AppError } from '../errors.ts';
import { EventEnvelope, type EventMetadata } from './envelope.ts';
import { type EventData, type EventName, events } from './events.ts';
import { upcast } from './upcasters.ts';

/** An envelope whose data has been checked against the event's schema. */
export type KnownEvent = { [N in EventName]: EventOf<N> }[EventName];
export type EventOf<N extends EventName> = {
  event: N;
  version: string;
  data: EventData<N>;
  metadata: EventMetadata;
};

/**
 * Builds an event for publishing and checks it against its schema.
 * Throws `internal` when our own data breaks the contract: such a message must never leave the process.
 */
export function makeEvent<N extends EventName>(event: N, data: EventData<N>, metadata: EventMetadata): EventOf<N> {
  const definition = events[event];
  const checked = definition.data.safeParse(data);
  if (!checked.success) {
    throw new AppError(
      'internal',
      `${event} ${metadata.id} breaks its own contract: ${z.prettifyError(checked.error)}`,
    );
  }
  return { event, version: definition.version, data: checked.data as EventData<N>, metadata };
}

/**
 * Reads an event from a message body.
 * Throws `invalid_argument` for anything that can never be handled: not JSON, not an envelope, an unknown event, a
 * major version that we do not know, data that breaks the schema. Unknown optional fields are ignored. An older major
 * version is read as the newest (upcasters.ts); `version` still says what was written.
 */
export function parseEvent(body: Uint8Array | string): KnownEvent {
  const envelope = parseEnvelope(body);
  if (!isEventName(envelope.event)) {
    throw new AppError('invalid_argument', `unknown event "${envelope.event}" in message ${envelope.metadata.id}`);
  }
  const definition = events[envelope.event];
  const current = upcast(envelope.event, envelope.data, majorOf(envelope.version), majorOf(definition.version));
  if (current === null) {
    throw new AppError(
      'invalid_argument',
      `${envelope.event} ${envelope.metadata.id} has version ${envelope.version}; this process reads ${majorOf(definition.version)}.x`,
    );
  }
  const data = definition.data.safeParse(current);
  if (!data.success) {
    throw new AppError(
      'invalid_argument',
      `${envelope.event} ${envelope.metadata.id} does not match its schema: ${z.prettifyError(data.error)}`,
    );
  }
  return { ...envelope, data: data.data } as KnownEvent;
}

/** Reads only the envelope; throws `invalid_argument` when it is none. */
export function parseEnvelope(body: Uint8Array | string): EventEnvelope {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_argument', 'message body is not JSON', { cause });
  }
  const envelope = EventEnvelope.safeParse(json);
  if (!envelope.success) {
    throw new AppError('invalid_argument', `message is no event envelope: ${z.prettifyError(envelope.error)}`);
  }
  return envelope.data;
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}

function majorOf(version: string): number {
  return Number(version.split('.')[0]);
}
