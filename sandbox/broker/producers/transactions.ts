import type { Clock, Timer } from '../clock.ts';
import { ErrorCode, ProtocolError } from '../errors.ts';
import type { GroupCoordinator, OffsetToCommit } from '../groups/coordinator.ts';
import { Journal } from '../log/journal.ts';
import type { TopicStore } from '../log/topic-store.ts';
import type { Logger } from '../logger.ts';
import type { ProducerIds } from './producer-ids.ts';

/** `ending` is written before the first marker, so that a crash half way is finished at the next start. */
type TransactionState = 'empty' | 'open' | 'ending';

interface Transaction {
  id: string;
  producerId: number;
  epoch: number;
  timeoutMs: number;
  state: TransactionState;
  /** How the present (or last) end was decided; a repeated EndTxn is answered from it. */
  commit: boolean | null;
  startedAt: number;
  partitions: { topic: string; partition: number }[];
  /** Held back from their groups until the commit. */
  offsets: { group: string; offsets: OffsetToCommit[] }[];
}

export interface ProducerIdentity {
  transactionalId: string;
  producerId: number;
  epoch: number;
}

export interface TransactionDependencies {
  file: string;
  clock: Clock;
  logger: Logger;
  topics: TopicStore;
  groups: GroupCoordinator;
  producerIds: ProducerIds;
  maxTimeoutMs: number;
}

const LAST_EPOCH = 32_767;

/**
 * Transaction coordinator (KIP-98). Beginning, end and offsets go to `transactions.log` before they take effect;
 * transactions left open are aborted after their timeout, so that the last stable offset cannot hang.
 */
export class TransactionCoordinator {
  private readonly transactions = new Map<string, Transaction>();
  private readonly timers = new Map<string, Timer>();
  private readonly journal: Journal<Transaction>;
  private readonly deps: TransactionDependencies;

  constructor(deps: TransactionDependencies) {
    this.deps = deps;
    this.journal = new Journal(deps.file);
  }

  /** Replays the journal and finishes what a crash interrupted. Call it when the topics are open. */
  open(): void {
    const torn = this.journal.replay((transaction) => this.transactions.set(transaction.id, transaction));
    if (torn > 0) this.deps.logger.warn('torn tail cut off', { file: 'transactions.log', bytes: torn });
    for (const transaction of this.transactions.values()) {
      if (transaction.state === 'ending') this.finish(transaction);
      else if (transaction.state === 'open') this.startTimer(transaction);
    }
  }

  /** InitProducerId: a new epoch fences earlier producers of this id, and whatever they left open is aborted. */
  init(id: string, timeoutMs: number): { producerId: number; epoch: number } {
    if (timeoutMs < 1 || timeoutMs > this.deps.maxTimeoutMs) {
      throw new ProtocolError(
        ErrorCode.INVALID_TRANSACTION_TIMEOUT,
        `timeout ${timeoutMs} ms is outside 1…${this.deps.maxTimeoutMs}`,
      );
    }
    const known = this.transactions.get(id);
    if (known) {
      this.fence(known);
      known.timeoutMs = timeoutMs;
      this.save(known);
      return { producerId: known.producerId, epoch: known.epoch };
    }
    const transaction: Transaction = {
      id,
      producerId: this.deps.producerIds.allocate(),
      epoch: 0,
      timeoutMs,
      state: 'empty',
      commit: null,
      startedAt: 0,
      partitions: [],
      offsets: [],
    };
    this.transactions.set(id, transaction);
    this.save(transaction);
    return { producerId: transaction.producerId, epoch: 0 };
  }

  addPartitions(who: ProducerIdentity, partitions: readonly { topic: string; partition: number }[]): void {
    const transaction = this.begin(who);
    for (const { topic, partition } of partitions) {
      if (!includes(transaction, topic, partition)) transaction.partitions.push({ topic, partition });
    }
    this.save(transaction);
  }

  addGroup(who: ProducerIdentity): void {
    this.save(this.begin(who));
  }

  addOffsets(who: ProducerIdentity, group: string, offsets: OffsetToCommit[]): void {
    const transaction = this.identify(who);
    if (transaction.state !== 'open') throw new ProtocolError(ErrorCode.INVALID_TXN_STATE, 'no transaction is open');
    transaction.offsets.push({ group, offsets });
    this.save(transaction);
  }

  /** EndTxn. Markers and offsets are written before it returns; repeating the last end is fine. */
  end(who: ProducerIdentity, commit: boolean): void {
    const transaction = this.identify(who);
    if (transaction.state === 'empty' && transaction.commit === commit) return;
    if (transaction.state === 'ending' && transaction.commit === commit) {
      this.finish(transaction); // a full disk stopped it half way
      return;
    }
    if (transaction.state !== 'open') throw new ProtocolError(ErrorCode.INVALID_TXN_STATE, 'no transaction is open');
    this.decide(transaction, commit);
  }

  /**
   * Is this transactional batch part of an open transaction that includes the partition? Otherwise a late batch of a
   * fenced producer would open a transaction that nobody ends (KIP-890).
   */
  verify(who: ProducerIdentity, topic: string, partition: number): void {
    const transaction = this.identify(who);
    if (transaction.state !== 'open' || !includes(transaction, topic, partition)) {
      throw new ProtocolError(ErrorCode.INVALID_TXN_STATE, `${topic}-${partition} is not part of the transaction`);
    }
  }

  sync(): void {
    this.journal.sync();
  }

  close(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.journal.close();
  }

  private identify(who: ProducerIdentity): Transaction {
    const transaction = this.transactions.get(who.transactionalId);
    if (!transaction || transaction.producerId !== who.producerId) {
      throw new ProtocolError(ErrorCode.INVALID_PRODUCER_ID_MAPPING, `${who.transactionalId} has another producer id`);
    }
    if (transaction.epoch !== who.epoch) {
      throw new ProtocolError(ErrorCode.INVALID_PRODUCER_EPOCH, `epoch ${who.epoch}, now ${transaction.epoch}`);
    }
    return transaction;
  }

  private begin(who: ProducerIdentity): Transaction {
    const transaction = this.identify(who);
    if (transaction.state === 'open') return transaction;
    transaction.state = 'open';
    transaction.commit = null;
    transaction.startedAt = this.deps.clock.now();
    this.startTimer(transaction);
    return transaction;
  }

  private startTimer(transaction: Transaction): void {
    const leftMs = transaction.startedAt + transaction.timeoutMs - this.deps.clock.now();
    const abort = () => {
      if (transaction.state !== 'open') return;
      this.deps.logger.warn('transaction timed out', {
        transactionalId: transaction.id,
        timeoutMs: transaction.timeoutMs,
      });
      this.fence(transaction);
    };
    this.timers.get(transaction.id)?.cancel();
    this.timers.set(transaction.id, this.deps.clock.after(Math.max(0, leftMs), abort));
  }

  /** Locks out the present producer and aborts what it left open. The marker carries the new epoch. */
  private fence(transaction: Transaction): void {
    if (transaction.state === 'ending') this.finish(transaction);
    if (transaction.epoch >= LAST_EPOCH - 1) {
      if (transaction.state === 'open') this.decide(transaction, false);
      transaction.producerId = this.deps.producerIds.allocate();
      transaction.epoch = 0;
    } else {
      transaction.epoch++;
      if (transaction.state === 'open') this.decide(transaction, false);
    }
    transaction.commit = null;
    this.save(transaction);
  }

  private decide(transaction: Transaction, commit: boolean): void {
    transaction.state = 'ending';
    transaction.commit = commit;
    this.save(transaction);
    this.finish(transaction);
  }

  private finish(transaction: Transaction): void {
    const commit = transaction.commit === true;
    for (const { topic, partition } of transaction.partitions) {
      this.deps.topics.partition(topic, partition)?.endTransaction(transaction.producerId, transaction.epoch, commit);
    }
    if (commit) for (const { group, offsets } of transaction.offsets) this.deps.groups.commit(group, offsets);
    transaction.state = 'empty';
    transaction.partitions = [];
    transaction.offsets = [];
    this.timers.get(transaction.id)?.cancel();
    this.timers.delete(transaction.id);
    this.save(transaction);
  }

  private save(transaction: Transaction): void {
    this.journal.append([transaction]);
    if (this.journal.isMostlyHistory) this.journal.rewrite(this.transactions.values());
  }
}

function includes(transaction: Transaction, topic: string, partition: number): boolean {
  return transaction.partitions.some((p) => p.topic === topic && p.partition === partition);
}
