'use client';

import Link from 'next/link';
import { keysOf } from '#components/shell/commands.ts';
import { Page } from '#components/shell/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { OneOrder } from './one-order.tsx';

/** Places one order, put together by hand or from a preset. */
export function NewOrder() {
  return (
    <Page
      title="Place an order"
      crumbs={[{ title: 'Orders', href: '/orders' }]}
      layout="fill"
      actions={
        <Tooltip content="Place many orders" keys={keysOf('page.load')}>
          <Button asChild>
            <Link href="/load">Place many</Link>
          </Button>
        </Tooltip>
      }
    >
      <OneOrder />
    </Page>
  );
}
