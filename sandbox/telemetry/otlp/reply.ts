import { AppError, errorCodes, isAppError } from '#contracts/errors.ts';

export type OtlpFormat = 'protobuf' | 'json';

const types: Record<OtlpFormat, string> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** Format of a request by its content type. Throws unsupported_media_type. */
export function formatOf(contentType: string | undefined): OtlpFormat {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/x-protobuf') return 'protobuf';
  if (type === 'application/json') return 'json';
  throw new AppError('unsupported_media_type', 'OTLP is application/x-protobuf or application/json');
}

/** Body of Export…ServiceResponse; `rejected` > 0 makes it a partial success (the sender must not retry). */
export function exportResponse(format: OtlpFormat, signal: 'traces' | 'logs', rejected: number, reason: string | null) {
  const field = signal === 'traces' ? 'rejectedSpans' : 'rejectedLogRecords';
  if (format === 'json') {
    const body = rejected === 0 ? {} : { partialSuccess: { [field]: String(rejected), errorMessage: reason ?? '' } };
    return { type: types.json, body: JSON.stringify(body) };
  }
  // Text leaves with the head in one write, bytes do not.
  if (rejected === 0) return { type: types.protobuf, body: '' };
  const partial = Buffer.concat([Buffer.from([0x08]), varint(rejected), textField(0x12, reason ?? '')]);
  return { type: types.protobuf, body: Buffer.concat([Buffer.from([0x0a]), varint(partial.length), partial]) };
}

/** google.rpc.Code for ours: OTLP errors carry a google.rpc.Status. */
const rpcCodes: Partial<Record<keyof typeof errorCodes, number>> = {
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  forbidden: 7,
  payload_too_large: 8,
  rate_limited: 8,
  method_not_allowed: 12,
  unsupported_media_type: 3,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
};

/** An error as OTLP/HTTP answers it: `google.rpc.Status` in the request's format. */
export function statusResponse(format: OtlpFormat, error: unknown) {
  const known = isAppError(error) ? error : new AppError('internal', 'something went wrong inside; see the log');
  const code = rpcCodes[known.code] ?? 2;
  const status = errorCodes[known.code].status;
  if (format === 'json') return { status, type: types.json, body: JSON.stringify({ code, message: known.message }) };
  const body = Buffer.concat([Buffer.from([0x08, code]), textField(0x12, known.message)]);
  return { status, type: types.protobuf, body };
}

function textField(tag: number, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([tag]), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
