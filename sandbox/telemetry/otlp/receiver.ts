import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError, isAppError } from '#contracts/errors.ts';
import type { Log } from '#sandbox/log.ts';
import { sameSecret } from '../http/guard.ts';
import { send } from '../http/problem.ts';
import { readBody } from '../http/read-body.ts';
import type { Intake } from '../intake.ts';
import { decodeLogsJson, decodeTracesJson } from './json.ts';
import { createKnownPairs, type KnownPairs } from './known-pairs.ts';
import { decodeLogs, decodeTraces } from './protobuf.ts';
import { exportResponse, formatOf, type OtlpFormat, statusResponse } from './reply.ts';
import { isMalformed } from './wire-reader.ts';

const maxBytes = 8 * 1024 * 1024;
const maxUnzippedBytes = 32 * 1024 * 1024;

export type ReceiverOptions = { intake: Intake; key: string; log: Log };

/** OTLP/HTTP receiver (https://opentelemetry.io/docs/specs/otlp/#otlphttp): POST /v1/traces and /v1/logs. */
export type Receiver = {
  receive(signal: 'traces' | 'logs' | 'metrics', request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Requests refused since start. */
  rejected(): number;
};

export function createReceiver({ intake, key, log }: ReceiverOptions): Receiver {
  const known = createKnownPairs();
  let rejected = 0;

  const accept = async (signal: 'traces' | 'logs' | 'metrics', request: IncomingMessage) => {
    if (!sameSecret(String(request.headers['x-orrery-otlp-key'] ?? ''), key))
      throw new AppError('unauthenticated', 'send the x-orrery-otlp-key header that the supervisor handed out');
    if (signal === 'metrics') throw new AppError('not_found', 'metrics are not taken yet: send traces and logs');
    const format = formatOf(request.headers['content-type']);
    if (intake.overloaded())
      throw new AppError('unavailable', 'more arrives than can be written', { retryAfterSeconds: 1 });
    const body = await readBody(request, maxBytes, maxUnzippedBytes);
    const result =
      signal === 'traces' ? takeTraces(intake, format, body, known) : takeLogs(intake, format, body, known);
    return exportResponse(format, signal, result.rejected, result.reason);
  };

  return {
    rejected: () => rejected,
    async receive(signal, request, response) {
      try {
        const { type, body } = await accept(signal, request);
        send(response, 200, type, body);
      } catch (thrown) {
        rejected++;
        const error = isMalformed(thrown) ? new AppError('invalid_argument', `not OTLP: ${thrown.message}`) : thrown;
        if (!isAppError(error)) log.error('request failed', { path: request.url, reason: String(error) });
        const answer = statusResponse(answerFormat(request), error);
        if (isAppError(error) && error.retryAfterSeconds !== null)
          response.setHeader('retry-after', String(error.retryAfterSeconds));
        // Whatever the client still wants to send is of no use.
        if (!request.complete) response.setHeader('connection', 'close');
        send(response, answer.status, answer.type, answer.body);
      }
    },
  };
}

function takeTraces(intake: Intake, format: OtlpFormat, body: Buffer, known: KnownPairs) {
  const decoded = format === 'json' ? decodeTracesJson(body.toString('utf8')) : decodeTraces(body, known);
  intake.takeSpans(decoded.records);
  return decoded;
}

function takeLogs(intake: Intake, format: OtlpFormat, body: Buffer, known: KnownPairs) {
  const arrivalNano = BigInt(Date.now()) * 1_000_000n;
  const decoded =
    format === 'json' ? decodeLogsJson(body.toString('utf8'), arrivalNano) : decodeLogs(body, arrivalNano, known);
  intake.takeLogs(decoded.records);
  return decoded;
}

function answerFormat(request: IncomingMessage): OtlpFormat {
  return request.headers['content-type']?.startsWith('application/x-protobuf') ? 'protobuf' : 'json';
}
