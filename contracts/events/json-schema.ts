import { z } from 'zod';
import { EventMetadata } from './envelope.ts';
import { type EventName, events } from './events.ts';

export type JsonSchema = { [key: string]: unknown };

/** JSON Schema (2020-12) of one event with its envelope, as a registry would hold it for its topic. */
export function jsonSchemaOf(name: EventName): JsonSchema {
  const definition = events[name];
  const envelope = z.object({
    event: z.literal(name),
    version: z.string(),
    data: definition.data,
    metadata: EventMetadata,
  });
  const schema = z.toJSONSchema(envelope, { io: 'input', reused: 'inline' }) as JsonSchema;
  return {
    $id: `urn:orrery:event:${name}:${definition.version}`,
    title: name,
    description: definition.description,
    ...schema,
  };
}
