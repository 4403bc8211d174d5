import { terminalStatuses } from '#contracts/http/orders.ts';
import type { Outcome } from './place-orders.ts';

export type Summary = {
  requested: number;
  acknowledged: number;
  refused: number;
  terminal: number;
  byStatus: Record<string, number>;
  acceptedMs: Percentiles;
  finishedMs: Percentiles;
  /** Acknowledged orders that had not ended in time. */
  open: string[];
  orders: Outcome[];
};

export type Percentiles = { p50: number | null; p95: number | null; max: number | null };

export function summarise(orders: Outcome[]): Summary {
  const acknowledged = orders.filter((order) => order.id !== null);
  const ended = acknowledged.filter((order) => terminalStatuses.some((status) => status === order.status));
  const byStatus = Object.fromEntries(
    Object.entries(Object.groupBy(orders, (order) => order.status)).map(([status, group]) => [
      status,
      group?.length ?? 0,
    ]),
  );
  return {
    requested: orders.length,
    acknowledged: acknowledged.length,
    refused: orders.length - acknowledged.length,
    terminal: ended.length,
    byStatus,
    acceptedMs: percentiles(orders.map((order) => order.acceptedMs)),
    finishedMs: percentiles(orders.map((order) => order.finishedMs)),
    open: acknowledged.filter((order) => !ended.includes(order)).map((order) => order.id ?? ''),
    orders,
  };
}

/** Nearest-rank percentiles of what is known. */
export function percentiles(values: readonly (number | null)[]): Percentiles {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? null };
}
