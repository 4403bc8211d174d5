/** Every fault there is, in the order in which it is shown. A new one is its file and a line here. */
import type { Fault } from './fault.ts';
import { blackHole } from './faults/black-hole.ts';
import { brokerDown } from './faults/broker-down.ts';
import { connectionRefused } from './faults/connection-refused.ts';
import { connectionReset } from './faults/connection-reset.ts';
import { crash } from './faults/crash.ts';
import { crashAfterAck } from './faults/crash-after-ack.ts';
import { crashAfterCharge } from './faults/crash-after-charge.ts';
import { crashAfterCommit } from './faults/crash-after-commit.ts';
import { crashAfterHandling } from './faults/crash-after-handling.ts';
import { crashLoop } from './faults/crash-loop.ts';
import { crashWhileCompensating } from './faults/crash-while-compensating.ts';
import { databaseDown } from './faults/database-down.ts';
import { freeze } from './faults/freeze.ts';
import { gracefulRestart } from './faults/graceful-restart.ts';
import { inferenceDown } from './faults/inference-down.ts';
import { latency } from './faults/latency.ts';
import { replyLost } from './faults/reply-lost.ts';
import { slowLink } from './faults/slow-link.ts';
import { telemetryDown } from './faults/telemetry-down.ts';

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
  crashAfterCommit,
  crashAfterAck,
  crashAfterHandling,
  crashAfterCharge,
  crashWhileCompensating,
  brokerDown,
  databaseDown,
  telemetryDown,
  inferenceDown,
];
