/** Pieces of one SKU that an order wants. */
export type Line = { sku: string; qty: number };

/** Stock of one SKU. `onHand = initial + Σ ledger`; `reserved = Σ active reservations` (FAULTS.md S2). */
export type StockLevel = { sku: string; onHand: number; reserved: number };

export type Shortage = { sku: string; requested: number; available: number };

/** Lines that cannot be served in full. An unknown SKU has nothing available. All or nothing: one shortage rejects all. */
export function findShortages(lines: readonly Line[], levels: readonly StockLevel[]): Shortage[] {
  const bySku = new Map(levels.map((level) => [level.sku, level]));
  return lines.flatMap(({ sku, qty }) => {
    const level = bySku.get(sku);
    const available = level ? level.onHand - level.reserved : 0;
    return qty > available ? [{ sku, requested: qty, available }] : [];
  });
}

/** One line per SKU, in SKU order: a basket that names an SKU twice wants the sum. */
export function mergeLines(lines: readonly Line[]): Line[] {
  const qtyBySku = new Map<string, number>();
  for (const { sku, qty } of lines) qtyBySku.set(sku, (qtyBySku.get(sku) ?? 0) + qty);
  return [...qtyBySku].map(([sku, qty]) => ({ sku, qty })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}
