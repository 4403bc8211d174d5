import type { Invariant } from './invariant.ts';
import { l01 } from './l01-acknowledged-orders-end.ts';
import { l02 } from './l02-outbox-drains.ts';
import { l03 } from './l03-no-orphan-reservation.ts';
import { l04 } from './l04-no-orphan-charge.ts';
import { l05 } from './l05-cancelled-is-compensated.ts';
import { l06 } from './l06-one-invoice.ts';
import { l07 } from './l07-view-is-fold.ts';
import { l08 } from './l08-nothing-lost.ts';
import { l09 } from './l09-no-stale-price.ts';
import { l10 } from './l10-timers-fire.ts';
import { l11 } from './l11-offsets-pass-nothing.ts';
import { l12 } from './l12-index-is-catalogue.ts';
import { obs1 } from './obs1-one-connected-trace.ts';
import { obs2 } from './obs2-every-mark-is-a-fault.ts';
import { obs3 } from './obs3-every-hit-leaves-a-mark.ts';
import { s01 } from './s01-stock-bounds.ts';
import { s02 } from './s02-stock-follows-ledger.ts';
import { s03 } from './s03-one-capture-per-order.ts';
import { s04 } from './s04-double-entry.ts';
import { s05 } from './s05-refund-within-capture.ts';
import { s06 } from './s06-effectively-once.ts';
import { s07 } from './s07-gapless-versions.ts';
import { s08 } from './s08-no-partial-transaction.ts';
import { s09 } from './s09-legal-transitions.ts';
import { s10 } from './s10-no-invalid-cause.ts';
import { s11 } from './s11-price-as-quoted.ts';
import { s12 } from './s12-no-ghost-message.ts';
import { s13 } from './s13-parked-keys-wait.ts';
import { sec2 } from './sec2-no-personal-data.ts';

/** Everything that is audited, in the order of the board. */
export const invariants: readonly Invariant[] = [
  ...[s01, s02, s03, s04, s05, s06, s07, s08, s09, s10, s11, s12, s13],
  ...[l01, l02, l03, l04, l05, l06, l07, l08, l09, l10, l11, l12],
  ...[obs1, obs2, obs3, sec2],
];
