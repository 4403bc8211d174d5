import { AppError } from '#contracts/errors.ts';
import { decodeTracesJson } from '../../otlp/json.ts';
import { isMalformed } from '../../otlp/wire-reader.ts';
import type { SpanRecord } from '../../records.ts';

/**
 * Spans of a trace as Tempo's JSON writes it: OTLP in the JSON of protobuf, which is OTLP/JSON but for two things. Ids
 * are base64, where OTLP has hex; enums are words, where OTLP has numbers.
 */
export function decodeTrace(trace: unknown): SpanRecord[] {
  try {
    const { records } = decodeTracesJson(JSON.stringify(trace, toOtlp));
    return records.sort((a, b) => (a.startNano < b.startNano ? -1 : a.startNano > b.startNano ? 1 : 0));
  } catch (error) {
    if (isMalformed(error))
      throw new AppError('dependency_failed', `Tempo answers with a trace that is no OTLP: ${error.message}`);
    throw error;
  }
}

const ids = new Set(['traceId', 'spanId', 'parentSpanId']);
const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const codes = ['UNSET', 'OK', 'ERROR'];

function toOtlp(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (ids.has(key)) return hexOf(value);
  if (key === 'kind' && value.startsWith('SPAN_KIND_')) return kinds.indexOf(value.slice(10));
  if (key === 'code' && value.startsWith('STATUS_CODE_')) return codes.indexOf(value.slice(12));
  return value;
}

/** 16 or 8 bytes: 32 or 16 digits in hex, 24 or 12 characters in base64. */
function hexOf(id: string): string {
  return id.length === 24 || id.length === 12 ? Buffer.from(id, 'base64').toString('hex') : id;
}
