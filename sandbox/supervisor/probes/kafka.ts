import { connect } from 'node:net';
import type { Address } from '../addresses.ts';

const correlationId = 7;

/**
 * ApiVersions v0 as it goes over the wire (Kafka protocol guide, request header v1):
 * Size int32 · ApiKey int16 (18) · ApiVersion int16 (0) · CorrelationId int32 · ClientId nullable string
 */
function apiVersionsRequest(): Buffer {
  const clientId = Buffer.from('orrery-probe');
  const frame = Buffer.alloc(4 + 2 + 2 + 4 + 2 + clientId.length);
  frame.writeInt32BE(frame.length - 4, 0);
  frame.writeInt16BE(18, 4);
  frame.writeInt16BE(0, 6);
  frame.writeInt32BE(correlationId, 8);
  frame.writeInt16BE(clientId.length, 12);
  clientId.copy(frame, 14);
  return frame;
}

/** Resolves when the broker answers an ApiVersions request without error. */
export function probeKafka({ host, port }: Address, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    let answer: Buffer = Buffer.alloc(0);
    socket.on('connect', () => socket.write(apiVersionsRequest()));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('connection closed before ApiVersions was answered')));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      // Size int32 · CorrelationId int32 · ErrorCode int16 · …
      if (answer.length < 10) return;
      const errorCode = answer.readInt16BE(8);
      if (answer.readInt32BE(4) === correlationId && errorCode === 0) resolve();
      else reject(new Error(`ApiVersions answered error ${errorCode}`));
      socket.destroy();
    });
  });
}
