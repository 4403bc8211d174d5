import type { CommandName } from '#contracts/events/commands.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import type { Charge } from '#contracts/http/payments.ts';
import { chargeKey, openPayment, type PaymentState, settle } from '#services/billing/payment.ts';
import { decideUndo, refunded, refundKey, voidedPayment } from '#services/billing/undo.ts';
import {
  decide as decideReservation,
  evolve as evolveReservation,
  type Reservation,
  type ReservationCommand,
  unknownOrder,
} from '#services/inventory/reservation.ts';
import { decide as decideByEvents } from '#services/orders/choreography.ts';
import type { OrderFact } from '#services/orders/facts.ts';
import { evolve as evolveOrder, isPublished, type OrderEvent, type OrderState } from '#services/orders/order.ts';
import { commandOf } from '#services/orders/saga/command.ts';
import { decide as decideByTable } from '#services/orders/saga/decide.ts';
import { evolve as evolveSaga, newSaga, type Saga, stepOf } from '#services/orders/saga/saga.ts';
import { anOrder } from '#services/orders/testing/order.builder.ts';
import { timersOf } from '#services/orders/timers/timer.ts';

/*
 * One order and everybody who has to do with it, without processes: the services' own pure rules, joined by queues.
 * What a broker, a crash, a slow provider and an impatient customer can do to the order of things is an action here.
 */

export type Circumstances = {
  style: SagaStyle;
  fraud: boolean;
  inStock: boolean;
  cardWorks: boolean;
};

type Service = 'orders' | 'inventory' | 'billing' | 'workers';
type Topic = Service | 'inventory.commands' | 'billing.commands' | 'workers.commands';
export type Message = {
  name: string;
  decision?: 'accept' | 'reject';
  reason?: string;
  chargeId?: string;
  expired?: boolean;
};

const at = '2026-11-22T10:00:00.000Z';
const moment = { at, compensationRetryMs: 1_000 };

/** Who reads what. Each reader reads a topic in order; nothing orders its topics against each other. */
const readers: readonly (readonly [Service, Topic])[] = [
  ['orders', 'orders'],
  ['orders', 'inventory'],
  ['orders', 'billing'],
  ['orders', 'workers'],
  ['inventory', 'orders'],
  ['inventory', 'billing'],
  ['inventory', 'inventory.commands'],
  ['billing', 'inventory'],
  ['billing', 'orders'],
  ['billing', 'billing.commands'],
  ['workers', 'orders'],
  ['workers', 'workers.commands'],
];

export type World = {
  /** What can happen now, by name. */
  actions(): string[];
  happen(action: string): void;
  /** Lets everything that is under way come to its end. Timers fire only when nothing else is left to do. */
  settle(): void;
  order(): OrderState;
  saga(): Saga | null;
  reservation(): Reservation;
  payment(): PaymentState | null;
  /** Captures less refunds at the provider, and in billing's ledger, in minor units. */
  money(): { provider: number; ledger: number };
  published(): readonly string[];
  papers(): { invoices: number; mails: string[] };
};

export function createWorld({ style, fraud, inStock, cardWorks }: Circumstances): World {
  let order = anOrder({ sagaStyle: style });
  let saga: Saga | null = style === 'orchestration' ? newSaga(order.id, at) : null;
  let reservation = unknownOrder(order.id);
  let payment: PaymentState | null = null;
  let refundDue = false;
  let ledger = 0;
  const provider = { charges: new Map<string, Charge>(), refunds: new Set<string>() };
  const papers = { invoices: 0, mails: [] as string[] };
  const published: string[] = ['order.created'];
  const timers = new Map<string, number>([['payment', 1]]);
  const queues = new Map(readers.map(([reader, topic]) => [`${reader}<${topic}`, [] as Message[]]));
  let cancelsLeft = 2;

  function publish(topic: Topic, message: Message): void {
    for (const [reader, read] of readers) if (read === topic) queues.get(`${reader}<${read}`)?.push(message);
  }

  function change(events: readonly OrderEvent[]): void {
    for (const event of events) {
      order = evolveOrder(order, event, at);
      if (!isPublished(event)) continue;
      published.push(event.type);
      publish('orders', {
        name: event.type,
        ...('decision' in event ? { decision: event.decision } : {}),
        ...('reason' in event ? { reason: event.reason } : {}),
        ...('timer' in event ? { reason: `${event.timer}/${event.attempt}` } : {}),
      });
    }
    if (style === 'orchestration') return;
    for (const timer of timersOf(order, events, at, moment.compensationRetryMs)) timers.set(timer.name, timer.attempt);
  }

  function learn(fact: OrderFact): void {
    if (saga === null) {
      change(decideByEvents(order, fact));
      return;
    }
    const decided = decideByTable(saga, order, fact, moment);
    change(decided.order);
    for (const event of decided.saga) {
      saga = evolveSaga(saga, event, moment);
      const command = commandOf(event, saga, order);
      if (command !== null) publish(topicOf(command.event), { name: command.event });
      if (event.type !== 'step_started' && event.type !== 'undo_started') continue;
      if (stepOf(saga, event.step).deadlineAt !== null) timers.set(event.step, event.attempt);
    }
  }

  function handleAtOrders(message: Message): void {
    const fact = factOf(message, fraud);
    if (fact !== null) learn(fact);
  }

  /** False: it came too early and is tried again later. */
  function changeReservation(command: ReservationCommand): boolean {
    const decision = decideReservation(reservation, command);
    if (decision.outcome !== 'accept') {
      if (decision.outcome === 'refuse') throw new Error(`inventory refuses ${command.type}: ${decision.why}`);
      return decision.outcome === 'ignore';
    }
    const { event } = decision;
    reservation = evolveReservation(reservation, event);
    publish('inventory', {
      name: `inventory.${event.type}`,
      ...('expired' in event ? { expired: event.expired } : {}),
    });
    return true;
  }

  function handleAtInventory({ name, decision }: Message): boolean {
    const shortages = inStock ? [] : [{ sku: 'LAMP-014', requested: 2, available: 0 }];
    const reservationId = '01890000-0000-7000-8000-0000000000aa';
    const reserve: ReservationCommand = { type: 'reserve', reservationId, lines: [], shortages };
    const release: ReservationCommand = { type: 'release', reason: 'undone' };
    switch (name) {
      case 'order.screened':
        return style === 'choreography' && decision === 'accept' ? changeReservation(reserve) : true;
      case 'payment.failed':
      case 'order.compensating':
        return style === 'choreography' ? changeReservation(release) : true;
      case 'order.confirmed':
        return style === 'choreography' ? changeReservation({ type: 'commit', shortages: [] }) : true;
      case 'inventory.reserve':
        return changeReservation(reserve);
      case 'inventory.release':
        return changeReservation(release);
      case 'inventory.commit':
        return changeReservation({ type: 'commit', shortages: [] });
      default:
        return true;
    }
  }

  const freshPayment = () =>
    openPayment(
      {
        orderId: order.id,
        sagaId: order.sagaId,
        customerId: order.customerId,
        total: order.total,
        payment: order.payment,
      },
      'p-1',
    );

  /** The intent is recorded and the provider asked; its answer is another action, and a crash may come in between. */
  function askProvider(): void {
    payment ??= freshPayment();
    if (payment.status !== 'pending' || provider.charges.has(chargeKey(order.id))) return;
    provider.charges.set(chargeKey(order.id), {
      id: 'ch_1',
      status: cardWorks ? 'succeeded' : 'declined',
      declineCode: cardWorks ? null : 'card_declined',
      amount: order.total,
      refunded: { ...order.total, amountMinor: 0 },
      reference: order.id,
      createdAt: at,
    });
  }

  function recordCharge(): void {
    askProvider();
    const charge = provider.charges.get(chargeKey(order.id));
    if (charge === undefined || payment === null) return;
    const settlement = settle(payment, charge, 't-1');
    if (settlement === null) return;
    payment = settlement.payment;
    if (settlement.ledger !== null) ledger += order.total.amountMinor;
    if (settlement.event === 'payment.succeeded' && payment.undoReason !== null) refundDue = true;
    publish('billing', { name: settlement.event, chargeId: charge.id });
  }

  function undo(): void {
    const undoing = decideUndo(payment);
    if (undoing === 'nothing') return;
    if (undoing === 'void') {
      payment = voidedPayment(freshPayment(), 'customer_request');
      publish('billing', { name: 'payment.voided' });
      return;
    }
    payment = { ...(payment as PaymentState), undoReason: 'customer_request' };
    if (undoing === 'refund') refundDue = true;
  }

  function makeRefund(): void {
    provider.refunds.add(refundKey(order.id));
    const done = payment === null ? null : refunded(payment, 're_1', 't-2');
    if (done === null) return;
    payment = done.payment;
    ledger -= order.total.amountMinor;
    refundDue = false;
    publish('billing', { name: 'payment.refunded' });
  }

  function handleAtBilling({ name, reason }: Message): void {
    const choreographed = style === 'choreography';
    if (name === 'billing.charge' || (choreographed && name === 'inventory.reserved')) recordCharge();
    if (name === 'billing.undo') undo();
    if (choreographed && name === 'order.compensating' && reason !== 'payment_failed') undo();
  }

  function handleAtWorkers({ name }: Message): void {
    const choreographed = style === 'choreography';
    const invoice = () => {
      if (papers.invoices > 0) return;
      papers.invoices += 1;
      publish('workers', { name: 'invoice.issued' });
    };
    const mail = (kind: string) => {
      if (papers.mails.includes(kind)) return;
      papers.mails.push(kind);
      publish('workers', { name: 'notification.sent', reason: kind });
    };
    if (name === 'workers.issue_invoice' || (choreographed && name === 'order.confirmed')) invoice();
    if (name === 'workers.notify_confirmed' || (choreographed && name === 'order.confirmed')) mail('order_confirmed');
    if (name === 'workers.notify_cancelled' || (choreographed && name === 'order.cancelled')) mail('order_cancelled');
  }

  /** Handles the next message of a queue; `again` leaves it there, as a crash before the offset's commit does. */
  function deliver(queue: string, again: boolean): boolean {
    const waiting = queues.get(queue) ?? [];
    const [message] = waiting;
    if (message === undefined) return false;
    const reader = queue.split('<')[0] as Service;
    let handled = true;
    if (reader === 'orders') handleAtOrders(message);
    else if (reader === 'inventory') handled = handleAtInventory(message);
    else if (reader === 'billing') handleAtBilling(message);
    else handleAtWorkers(message);
    if (handled && !again) waiting.shift();
    return handled;
  }

  /** Timers that the sweep would not have taken away. */
  function fire(name: string): void {
    const attempt = timers.get(name);
    if (attempt === undefined) return;
    timers.delete(name);
    change([{ type: 'order.timed_out', timer: name, attempt, dueAt: at }]);
  }

  function cancel(): void {
    cancelsLeft -= 1;
    try {
      learn({ type: 'cancellation_requested', requestedBy: 'customer' });
    } catch (error) {
      if (order.chargeId === null) throw error;
    }
  }

  /** A charge is being made: its trigger waits at billing, and nothing is recorded yet. */
  function chargeBegun(): boolean {
    const next = ['billing<inventory', 'billing<billing.commands'].map((queue) => queues.get(queue)?.[0]?.name);
    return next.includes(style === 'choreography' ? 'inventory.reserved' : 'billing.charge');
  }

  publish('orders', { name: 'order.created' });
  return {
    actions: () => [
      ...[...queues].flatMap(([name, waiting]) => (waiting.length > 0 ? [`deliver ${name}`, `repeat ${name}`] : [])),
      ...[...queues].flatMap(([name, waiting]) =>
        mayOvertake(name) && waiting.length > 1 ? [`overtake ${name}`] : [],
      ),
      ...[...timers.keys()].map((name) => `fire ${name}`),
      ...(chargeBegun() ? ['charge and crash'] : []),
      ...(refundDue ? ['refund', 'refund and crash'] : []),
      ...(cancelsLeft > 0 ? ['cancel'] : []),
      ...(reservation.state === 'active' ? ['expire'] : []),
    ],
    happen(action) {
      const [verb, what = ''] = action.split(/ (.*)/);
      if (action === 'charge and crash') askProvider();
      else if (action === 'refund and crash') provider.refunds.add(refundKey(order.id));
      else if (verb === 'refund') makeRefund();
      else if (verb === 'cancel') cancel();
      else if (verb === 'expire') changeReservation({ type: 'expire' });
      else if (verb === 'fire') fire(what);
      else if (verb === 'overtake') queues.get(what)?.splice(0, 2, ...(queues.get(what) ?? []).slice(0, 2).reverse());
      else deliver(what, verb === 'repeat');
    },
    settle() {
      for (let round = 0; round < 500; round += 1) {
        if (refundDue) makeRefund();
        const moved = [...queues.keys()].filter((queue) => deliver(queue, false)).length;
        if (moved > 0 || refundDue) continue;
        const [timer] = timers.keys();
        if (timer === undefined) return;
        // Payment timers of orders that ended are taken away; any other is told, and must do no harm.
        fire(timer);
      }
      throw new Error(`order is ${order.status} and does not come to rest`);
    },
    order: () => order,
    saga: () => saga,
    reservation: () => reservation,
    payment: () => payment,
    money: () => ({
      provider:
        [...provider.charges.values()].filter(({ status }) => status === 'succeeded').length * order.total.amountMinor -
        provider.refunds.size * order.total.amountMinor,
      ledger,
    }),
    published: () => published,
    papers: () => papers,
  };
}

/** A message that was parked and replayed comes behind later ones; participants must bear a compensation before its action. */
function mayOvertake(queue: string): boolean {
  return queue.startsWith('inventory<') || queue.startsWith('billing<');
}

function topicOf(command: CommandName): Topic {
  return `${command.split('.')[0]}.commands` as Topic;
}

function factOf({ name, reason, expired = false, chargeId = 'ch_1' }: Message, fraud: boolean): OrderFact | null {
  switch (name) {
    case 'order.created':
      return { type: 'screened', score: 0.1, decision: fraud ? 'reject' : 'accept', model: 'm', reasons: [] };
    case 'order.timed_out': {
      const [timer = '', attempt] = (reason ?? '').split('/');
      return { type: 'timed_out', timer, attempt: Number(attempt) };
    }
    case 'inventory.reserved':
      return { type: 'stock_reserved', reservationId: '01890000-0000-7000-8000-0000000000aa' };
    case 'inventory.rejected':
      return { type: 'stock_rejected', shortages: [{ sku: 'LAMP-014', requested: 2, available: 0 }] };
    case 'inventory.released':
      return { type: 'stock_released', expired };
    case 'inventory.committed':
      return { type: 'stock_committed' };
    case 'payment.succeeded':
      return { type: 'payment_succeeded', chargeId };
    case 'payment.failed':
      return { type: 'payment_failed', declineCode: 'card_declined' };
    case 'payment.voided':
    case 'payment.refunded':
      return { type: 'payment_undone' };
    case 'invoice.issued':
      return { type: 'invoice_issued' };
    case 'notification.sent':
      return { type: 'customer_notified', of: reason as 'order_confirmed' | 'order_cancelled' };
    default:
      return null;
  }
}
