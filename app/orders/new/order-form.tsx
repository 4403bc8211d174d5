'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import type { FormEvent } from 'react';
import { Basket } from '#components/orders/basket.tsx';
import { CopyOrder } from '#components/orders/copy-order.tsx';
import { type DraftItem, fieldErrors, type OrderDraft, removeItem, setQty } from '#components/orders/order-draft.ts';
import { PresetList } from '#components/orders/preset-list.tsx';
import { type PresetId, paymentTokens, presetOf, sagaStyles } from '#components/orders/presets.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { Select } from '#components/ui/select.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { Product } from '#contracts/http/catalogue.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { usePlacing } from './use-placing.ts';

export type OrderFormProps = {
  draft: OrderDraft;
  products: ReadonlyMap<string, Product>;
  customers: readonly { id: string; name: string; city: string }[];
  onItems: (items: DraftItem[]) => void;
  onCustomer: (id: string) => void;
  onPayment: (token: string) => void;
  onSaga: (style: SagaStyle) => void;
  onPreset: (id: PresetId) => void;
};

/** The order before it is placed. What the gateway refuses is said at the field that it refers to. */
export function OrderForm(props: OrderFormProps) {
  const { draft, products, customers, onItems, onCustomer, onPayment, onSaga, onPreset } = props;
  const trpc = useTRPC();
  const endpoints = useQuery(trpc.orders.endpoints.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const { place, busy, refused, failed } = usePlacing(draft);
  const errors = fieldErrors(refused, draft.items);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) place();
  };
  const problem = errors.rest ?? errors.items ?? failed;
  return (
    <Panel
      title="Order"
      className="lg:min-h-0"
      bodyClassName="lg:overflow-y-auto"
      actions={<CopyOrder draft={draft} endpoints={endpoints.data ?? null} />}
    >
      <form onSubmit={submit} noValidate className="flex flex-col">
        <PresetList value={presetOf(draft)} onChange={onPreset} />
        <section aria-label="Basket" className="border-t border-border">
          <Basket
            items={draft.items}
            products={products}
            errors={errors.bySku}
            onQty={(sku, qty) => onItems(setQty(draft.items, sku, qty))}
            onRemove={(sku) => onItems(removeItem(draft.items, sku))}
          />
        </section>
        <div className="grid grid-cols-2 gap-3 border-t border-border p-4">
          <Field label="Customer" error={errors.customerId}>
            {(control) => (
              <Select
                {...control}
                value={draft.customerId}
                onValueChange={onCustomer}
                options={customers.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </Field>
          <Field label="Payment" error={errors.payment}>
            {(control) => (
              <Select {...control} value={draft.payment} onValueChange={onPayment} options={paymentTokens} />
            )}
          </Field>
          <Field label="Saga">
            {(control) => (
              <Select<SagaStyle>
                {...control}
                value={draft.sagaStyle ?? 'choreography'}
                onValueChange={onSaga}
                options={sagaStyles}
              />
            )}
          </Field>
        </div>
        <div className="sticky bottom-0 flex flex-col gap-2 border-t border-border bg-surface px-4 py-3">
          {problem ? (
            <p role="alert" className="flex items-start gap-1.5 text-sm">
              <CircleAlert className="size-4 shrink-0 stroke-[1.5] text-error" aria-hidden />
              <span className="min-w-0 break-words">
                {problem}
                {refused?.traceId ? (
                  <>
                    {' '}
                    <Link href={`/traces/${refused.traceId}`} className="rounded-sm text-accent hover:underline">
                      Its trace
                    </Link>
                  </>
                ) : null}
              </span>
            </p>
          ) : null}
          <div className="flex items-center gap-3">
            <span className="text-sm text-tertiary">Total</span>
            <span className="text-lg font-semibold tabular-nums">{totalText(draft.items, products)}</span>
            <Button type="submit" variant="primary" size="lg" className="ml-auto min-w-28" aria-disabled={busy}>
              {busy ? 'Placing…' : 'Place order'}
            </Button>
          </div>
        </div>
      </form>
    </Panel>
  );
}

function totalText(items: readonly DraftItem[], products: ReadonlyMap<string, Product>): string {
  const prices = items.map(({ sku, qty }) => ({ price: products.get(sku)?.price ?? null, qty }));
  if (prices.some(({ price }) => price === null)) return '–';
  const currency = prices[0]?.price?.currency ?? 'EUR';
  const amountMinor = prices.reduce(
    (sum, { price, qty }) => sum + (price?.amountMinor ?? 0) * (Number.isInteger(qty) ? qty : 0),
    0,
  );
  return formatMoney({ amountMinor: Math.max(0, amountMinor), currency });
}
