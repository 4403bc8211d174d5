import { ErrorCode, ProtocolError } from '../errors.ts';
import { type BatchHeader, isControl } from './record-batch.ts';

interface RecentBatch {
  firstSequence: number;
  lastSequence: number;
  baseOffset: number;
}

interface ProducerState {
  epoch: number;
  /** Oldest first; Kafka and its clients agree on five requests in flight (KIP-98). */
  recent: RecentBatch[];
  lastSeenAt: number;
}

const WINDOW = 5;
const MAX_SEQUENCE = 2_147_483_647;

/** What one partition remembers of each idempotent producer, rebuilt from the batch headers at start. */
export class ProducerStates {
  private readonly states = new Map<number, ProducerState>();

  get count(): number {
    return this.states.size;
  }

  /**
   * Returns the offset of the earlier copy when the batch is a retry, null when it is new.
   * Throws ProtocolError: INVALID_PRODUCER_EPOCH (fenced), OUT_OF_ORDER_SEQUENCE_NUMBER (gap),
   * DUPLICATE_SEQUENCE_NUMBER (a retry so old that its offset is forgotten; clients take it as success).
   */
  check(header: BatchHeader): number | null {
    if (header.producerId < 0) return null;
    const state = this.states.get(header.producerId);
    if (!state) return null;
    if (header.producerEpoch < state.epoch) {
      throw new ProtocolError(
        ErrorCode.INVALID_PRODUCER_EPOCH,
        `epoch ${header.producerEpoch} is fenced by ${state.epoch}`,
      );
    }
    const last = state.recent.at(-1);
    if (header.producerEpoch > state.epoch || !last) {
      if (header.baseSequence === 0 || !last) return null;
      throw new ProtocolError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, 'a new epoch starts at sequence 0');
    }
    const lastSequence = lastSequenceOf(header);
    const copy = state.recent.find((b) => b.firstSequence === header.baseSequence && b.lastSequence === lastSequence);
    if (copy) return copy.baseOffset;
    if (header.baseSequence === following(last.lastSequence)) return null;
    const code =
      lastSequence <= last.lastSequence ? ErrorCode.DUPLICATE_SEQUENCE_NUMBER : ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
    throw new ProtocolError(code, `sequence ${header.baseSequence} after ${last.lastSequence}`);
  }

  /** Notes an appended (or recovered) batch. */
  note(header: BatchHeader): void {
    if (header.producerId < 0) return;
    const known = this.states.get(header.producerId);
    const state: ProducerState =
      known && known.epoch === header.producerEpoch
        ? known
        : { epoch: header.producerEpoch, recent: [], lastSeenAt: 0 };
    state.lastSeenAt = Math.max(state.lastSeenAt, header.maxTimestamp);
    if (!isControl(header)) {
      state.recent.push({
        firstSequence: header.baseSequence,
        lastSequence: lastSequenceOf(header),
        baseOffset: header.baseOffset,
      });
      if (state.recent.length > WINDOW) state.recent.shift();
    }
    this.states.set(header.producerId, state);
  }

  /** Forgets producers not seen since `before` (producer.id.expiration.ms). */
  expire(before: number): void {
    for (const [id, state] of this.states) if (state.lastSeenAt < before) this.states.delete(id);
  }
}

function lastSequenceOf(header: BatchHeader): number {
  const last = header.baseSequence + header.recordCount - 1;
  return last > MAX_SEQUENCE ? last - MAX_SEQUENCE - 1 : last;
}

const following = (sequence: number) => (sequence === MAX_SEQUENCE ? 0 : sequence + 1);
