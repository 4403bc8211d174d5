'use client';

import { useQueryStates } from 'nuqs';
import { Page } from '#components/shell/page.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { BurstView } from './burst-view.tsx';
import { OneOrder } from './one-order.tsx';
import { newOrderParsers } from './search-params.ts';

/** Places one order, put together by hand or from a preset, or many at once. */
export function NewOrder() {
  const [{ mode }, setUrl] = useQueryStates(newOrderParsers);
  return (
    <Page
      title={mode === 'one' ? 'Place an order' : 'Place many orders'}
      crumbs={[{ title: 'Orders', href: '/orders' }]}
      layout="fill"
      note={
        <Segmented<'one' | 'burst'>
          aria-label="How many"
          value={mode}
          onValueChange={(next) => void setUrl({ mode: next }, { history: 'push' })}
          options={[
            { value: 'one', label: 'One order' },
            { value: 'burst', label: 'Burst' },
          ]}
        />
      }
    >
      {mode === 'one' ? <OneOrder /> : <BurstView />}
    </Page>
  );
}
