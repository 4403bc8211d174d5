import { z } from 'zod';
import { EventMetadata } from './envelope.ts';
import { type EventName, events } from './events.ts';
import { ReplyEnvelope, RequestEnvelope, type RequestName, requests } from './requests.ts';

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

/** JSON Schema of a question with its envelope. */
export function questionSchemaOf(name: RequestName): JsonSchema {
  const { data, version } = requests[name];
  const envelope = RequestEnvelope.extend({ request: z.literal(name), version: z.literal(version), data });
  return z.toJSONSchema(envelope, { io: 'input', reused: 'inline' }) as JsonSchema;
}

/** JSON Schema of the answer to a question with its envelope: data, or the problem in its place. */
export function answerSchemaOf(name: RequestName): JsonSchema {
  const envelope = ReplyEnvelope.extend({ request: z.literal(name), data: requests[name].reply.nullable() });
  return z.toJSONSchema(envelope, { io: 'input', reused: 'inline' }) as JsonSchema;
}
