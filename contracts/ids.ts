import { z } from 'zod';

/** UUID in canonical text form. Ids that we make are UUIDv7 (RFC 9562), so they sort by time. */
export const Uuid = z.uuid();

/** Trace id, 32 lower-case hex digits, not all zero (W3C Trace Context). */
export const TraceId = z.string().regex(/^(?!0{32})[0-9a-f]{32}$/);
/** Span id, 16 lower-case hex digits, not all zero (W3C Trace Context). */
export const SpanId = z.string().regex(/^(?!0{16})[0-9a-f]{16}$/);

/** Stock-keeping unit, e.g. `LAMP-014`. */
export const Sku = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, 'an SKU is 2–32 capital letters, digits and dashes')
  .describe('Stock-keeping unit');

/** Instant, UTC ISO-8601 with milliseconds, e.g. `2026-11-22T10:00:00.000Z`. */
export const Instant = z.iso.datetime();
