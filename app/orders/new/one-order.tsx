'use client';

import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo, useRef } from 'react';
import { ProductList } from '#components/catalogue/product-list.tsx';
import { rankProducts } from '#components/catalogue/rank-products.ts';
import { durationText } from '#components/format/duration.ts';
import { addItem, type DraftItem, removeItem, setQty } from '#components/orders/order-draft.ts';
import { presets } from '#components/orders/presets.ts';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Select } from '#components/ui/select.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { Category } from '#contracts/http/catalogue.ts';
import { useTRPC } from '../../_client/trpc.ts';
import { useCustomers } from '../use-names.ts';
import { OrderForm } from './order-form.tsx';
import { categories, newOrderParsers } from './search-params.ts';
import { useSearch } from './use-search.ts';

const start = presets[0]?.draft ?? { items: [], payment: 'tok_visa' };

/** The catalogue on the left, the order on the right. */
export function OneOrder() {
  const trpc = useTRPC();
  const [{ q, category, items: inUrl, customer, pay, saga, due }, setUrl] = useQueryStates(newOrderParsers);
  const products = useQuery(trpc.catalogue.products.queryOptions());
  const { customers } = useCustomers();
  const found = useSearch(q);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useViewCommand('filter', () => search.current?.focus());
  useListKeys(list);

  const items: readonly DraftItem[] = inUrl ?? start.items;
  const draft = {
    customerId: customer ?? customers[0]?.id ?? '',
    items,
    payment: pay ?? start.payment,
    sagaStyle: saga ?? undefined,
    paymentTimeoutMs: due ?? undefined,
  };
  const setItems = (next: DraftItem[]) => void setUrl({ items: next, pay: draft.payment });
  const bySku = useMemo(() => new Map((products.data ?? []).map((product) => [product.sku, product])), [products.data]);
  const listed = rankProducts(products.data ?? [], found.hits, category);
  return (
    <div className="grid min-h-0 flex-1 gap-4 overflow-y-auto p-4 max-lg:auto-rows-max max-md:gap-2 max-md:p-2 lg:grid-cols-[minmax(0,1fr)_432px] lg:overflow-hidden">
      <Panel
        title="Catalogue"
        note={
          <span role="status">
            {found.elapsedMs !== null
              ? `${listed.length} found in ${durationText(found.elapsedMs)}`
              : `${listed.length}`}
          </span>
        }
        className="max-lg:order-last max-lg:h-[70dvh] lg:min-h-0"
        bodyClassName="flex flex-col"
      >
        <div className="flex gap-2 border-b border-border px-4 py-2">
          <span className="relative flex-1">
            <Search
              className="pointer-events-none absolute top-1/2 left-2 size-4 -translate-y-1/2 stroke-[1.5] text-tertiary"
              aria-hidden
            />
            <Input
              ref={search}
              type="search"
              aria-label="Search the catalogue by meaning"
              placeholder="What for? Try “warm light for reading”"
              value={q}
              onChange={(event) => void setUrl({ q: event.target.value || null })}
              className="h-8 pl-8"
            />
          </span>
          <Select<Category | ''>
            aria-label="Category"
            value={category ?? ''}
            onValueChange={(value) => void setUrl({ category: value || null })}
            options={[{ value: '', label: 'All categories' }, ...categories.map((value) => ({ value, label: value }))]}
            className="max-w-36 [&>select]:h-8"
          />
        </div>
        {found.error ? (
          <PartialNote>
            Search does not answer, so this is the whole catalogue: {found.error.replace(/\.$/, '')}.
          </PartialNote>
        ) : null}
        <div ref={list} className="min-h-0 flex-1" aria-busy={found.stale}>
          {products.isPending || found.waiting ? (
            <SkeletonRows rows={14} label="Loading products" />
          ) : products.isError && !products.data ? (
            <ErrorState
              title="The catalogue cannot be read"
              detail={products.error.message}
              onRetry={() => void products.refetch()}
            />
          ) : listed.length === 0 ? (
            <EmptyState title="Nothing is near that">Use other words, or another category.</EmptyState>
          ) : (
            <ProductList
              products={listed}
              inBasket={new Map(items.map(({ sku, qty }) => [sku, qty]))}
              onAdd={(sku) => setItems(addItem(items, sku))}
              onTake={(sku) => {
                const qty = items.find((item) => item.sku === sku)?.qty ?? 1;
                setItems(qty > 1 ? setQty(items, sku, qty - 1) : removeItem(items, sku));
              }}
            />
          )}
        </div>
      </Panel>
      <OrderForm
        draft={draft}
        products={bySku}
        customers={customers}
        onItems={setItems}
        onCustomer={(id) => void setUrl({ customer: id })}
        onSaga={(style) => void setUrl({ saga: style === 'choreography' ? null : style })}
        onPayment={(token) => void setUrl({ pay: token, items: [...items] })}
        onPreset={(id) => {
          const preset = presets.find((one) => one.id === id);
          if (!preset) return;
          const { items: basket, payment, paymentTimeoutMs } = preset.draft;
          void setUrl({ items: [...basket], pay: payment, due: paymentTimeoutMs ?? null });
        }}
      />
    </div>
  );
}
