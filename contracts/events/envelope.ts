import { z } from 'zod';
import { Instant, Uuid } from '../ids.ts';

/** W3C traceparent, version 00. */
export const Traceparent = z.string().regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);

export const EventMetadata = z.object({
  id: Uuid.describe('Message id; the inbox of each consumer absorbs a second delivery of it'),
  occurredAt: Instant.describe('When the fact became true in its owner'),
  correlationId: Uuid.describe('The order that all messages of one business flow belong to'),
  causationId: Uuid.nullable().describe('Message that caused this one; null for the first'),
  sagaId: Uuid.describe('The saga run'),
  aggregateVersion: z.int().min(1).describe('Gapless version of the aggregate within its owner'),
  producer: z.string().describe('Process that published it'),
  traceparent: Traceparent.optional().describe('Trace context of the publishing span'),
});
export type EventMetadata = z.infer<typeof EventMetadata>;

/** The envelope around every event: `{ event, version, data, metadata }` (guide §5). */
export const EventEnvelope = z.object({
  event: z.string().describe('Name in the past tense, e.g. order.created'),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .describe('Schema version; the major part selects the schema'),
  data: z.record(z.string(), z.unknown()),
  metadata: EventMetadata,
});
export type EventEnvelope = z.infer<typeof EventEnvelope>;
