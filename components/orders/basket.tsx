'use client';

import { X } from 'lucide-react';
import { useId } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Input } from '#components/ui/input.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { Product } from '#contracts/http/catalogue.ts';
import type { DraftItem } from './order-draft.ts';

export type BasketProps = {
  items: readonly DraftItem[];
  products: ReadonlyMap<string, Product>;
  /** What is wrong with a line. */
  errors: ReadonlyMap<string, string>;
  onQty: (sku: string, qty: number) => void;
  onRemove: (sku: string) => void;
};

/** Lines of the order with their quantities. Any number may be typed: the gateway is the judge. */
export function Basket({ items, products, errors, onQty, onRemove }: BasketProps) {
  if (items.length === 0) {
    return <p className="px-4 py-3 text-sm text-tertiary">Nothing yet. Add a product, or start from a preset.</p>;
  }
  return (
    <ul aria-label="Basket" className="flex flex-col py-1">
      {items.map((item) => (
        <BasketLine
          key={item.sku}
          item={item}
          product={products.get(item.sku) ?? null}
          error={errors.get(item.sku) ?? null}
          onQty={onQty}
          onRemove={onRemove}
        />
      ))}
    </ul>
  );
}

type LineProps = Pick<BasketProps, 'onQty' | 'onRemove'> & {
  item: DraftItem;
  product: Product | null;
  error: string | null;
};

function BasketLine({ item: { sku, qty }, product, error, onQty, onRemove }: LineProps) {
  const id = useId();
  const name = product?.name ?? sku;
  const price = product?.price ?? null;
  const total = price && Number.isInteger(qty) && qty > 0 ? { ...price, amountMinor: price.amountMinor * qty } : null;
  return (
    <li className="px-4 py-0.5" data-basket={sku}>
      <div className="flex items-center gap-2">
        <Input
          type="number"
          aria-label={`Pieces of ${name}`}
          aria-describedby={error ? id : undefined}
          aria-invalid={error ? true : undefined}
          value={Number.isNaN(qty) ? '' : qty}
          onChange={(event) => onQty(sku, event.target.valueAsNumber)}
          className="w-16 text-right tabular-nums"
        />
        <span className="min-w-0 flex-1 truncate text-sm" title={`${name} (${sku})`}>
          {name}
        </span>
        <span className="numeric text-sm">{total ? formatMoney(total) : ''}</span>
        <Button variant="ghost" size="icon-sm" aria-label={`Remove ${name}`} onClick={() => onRemove(sku)}>
          <X aria-hidden />
        </Button>
      </div>
      {error ? (
        <p id={id} className="py-0.5 text-sm text-error">
          {error}
        </p>
      ) : null}
    </li>
  );
}
