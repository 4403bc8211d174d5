/** Every fault there is, in the order in which it is shown. A new one is its file and a line here. */
import type { Fault } from './fault.ts';
import { blackHole } from './faults/black-hole.ts';
import { brokerDown } from './faults/broker-down.ts';
import { connectionRefused } from './faults/connection-refused.ts';
import { connectionReset } from './faults/connection-reset.ts';
import { cpu } from './faults/cpu.ts';
import { crash } from './faults/crash.ts';
import { crashAfterAck } from './faults/crash-after-ack.ts';
import { crashAfterCharge } from './faults/crash-after-charge.ts';
import { crashAfterCommit } from './faults/crash-after-commit.ts';
import { crashAfterHandling } from './faults/crash-after-handling.ts';
import { crashLoop } from './faults/crash-loop.ts';
import { crashWhileCompensating } from './faults/crash-while-compensating.ts';
import { databaseDown } from './faults/database-down.ts';
import { declines } from './faults/declines.ts';
import { duplicates } from './faults/duplicates.ts';
import { eventLoopBlock } from './faults/event-loop-block.ts';
import { failingCompensation } from './faults/failing-compensation.ts';
import { failingHandler } from './faults/failing-handler.ts';
import { freeze } from './faults/freeze.ts';
import { gracefulRestart } from './faults/graceful-restart.ts';
import { grpcErrors } from './faults/grpc-errors.ts';
import { httpErrors } from './faults/http-errors.ts';
import { inferenceDown } from './faults/inference-down.ts';
import { inferenceSlow } from './faults/inference-slow.ts';
import { latePayment } from './faults/late-payment.ts';
import { latency } from './faults/latency.ts';
import { poisonMessage } from './faults/poison-message.ts';
import { poolExhausted } from './faults/pool-exhausted.ts';
import { replyLost } from './faults/reply-lost.ts';
import { retryStorm } from './faults/retry-storm.ts';
import { slowConsumer } from './faults/slow-consumer.ts';
import { slowLink } from './faults/slow-link.ts';
import { tableLocked } from './faults/table-locked.ts';
import { telemetryDown } from './faults/telemetry-down.ts';
import { trafficSpike } from './faults/traffic-spike.ts';

export const faults: readonly Fault[] = [
  latency,
  connectionReset,
  blackHole,
  connectionRefused,
  slowLink,
  replyLost,
  crash,
  crashLoop,
  gracefulRestart,
  freeze,
  eventLoopBlock,
  cpu,
  crashAfterCommit,
  crashAfterAck,
  crashAfterHandling,
  crashAfterCharge,
  crashWhileCompensating,
  brokerDown,
  databaseDown,
  tableLocked,
  poolExhausted,
  telemetryDown,
  inferenceDown,
  inferenceSlow,
  trafficSpike,
  httpErrors,
  retryStorm,
  grpcErrors,
  slowConsumer,
  duplicates,
  poisonMessage,
  failingHandler,
  declines,
  latePayment,
  failingCompensation,
];
