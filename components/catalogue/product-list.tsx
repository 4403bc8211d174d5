'use client';

import { Minus, Plus } from 'lucide-react';
import { count } from '#components/format/number.ts';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { TableBody, TableCell, TableHead, TableHeader, TableRow } from '#components/ui/table.tsx';
import { formatMoney } from '#contracts/format-money.ts';
import type { Listed } from './rank-products.ts';

export type ProductListProps = {
  products: readonly Listed[];
  /** Pieces in the basket by SKU. */
  inBasket: ReadonlyMap<string, number>;
  onAdd: (sku: string) => void;
  onTake: (sku: string) => void;
};

/** Below so many pieces the stock is worth a look. */
const few = 10;

/** Products to choose from. j and k move among their buttons, Enter adds a piece. */
export function ProductList({ products, inBasket, onAdd, onTake }: ProductListProps) {
  return (
    <section
      data-slot="table-scroll"
      aria-label="Products"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be focusable to scroll by keyboard
      tabIndex={0}
      className="@container h-full overflow-auto"
    >
      <table data-slot="table" className="w-full border-collapse text-sm">
        <TableHead>
          <tr>
            <TableHeader>Product</TableHeader>
            <TableHeader className="@max-[520px]:hidden">Category</TableHeader>
            <TableHeader numeric>Price</TableHeader>
            <TableHeader numeric>Stock</TableHeader>
            <TableHeader>
              <span className="sr-only">In the basket</span>
            </TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {products.map(({ product, hit }) => {
            const pieces = inBasket.get(product.sku) ?? 0;
            return (
              <TableRow key={product.sku} data-sku={product.sku} data-selected={pieces > 0} className="h-11">
                <TableCell className="w-full max-w-0">
                  <p className="truncate">
                    <span className="font-medium">{product.name}</span>{' '}
                    <span className="font-mono text-tertiary @max-[620px]:hidden">{product.sku}</span>
                  </p>
                  <p className="truncate text-tertiary" title={product.description}>
                    {hit?.snippet ?? product.description}
                  </p>
                </TableCell>
                <TableCell className="text-secondary @max-[520px]:hidden">{product.category}</TableCell>
                <TableCell numeric>
                  {product.price ? formatMoney(product.price) : <span className="text-tertiary">unknown</span>}
                </TableCell>
                <TableCell numeric className={cn(product.available < few ? 'text-warn' : 'text-secondary')}>
                  {product.available <= 0
                    ? 'none'
                    : product.available < few
                      ? `only ${product.available}`
                      : count(product.available)}
                </TableCell>
                <TableCell className="w-24">
                  <span className="flex items-center justify-end gap-0.5">
                    {pieces > 0 ? (
                      <>
                        <Button
                          variant="ghost"
                          size="icon-sm"
                          aria-label={`One ${product.name} less`}
                          onClick={() => onTake(product.sku)}
                        >
                          <Minus aria-hidden />
                        </Button>
                        <span className="min-w-6 text-center font-medium tabular-nums">{pieces}</span>
                      </>
                    ) : null}
                    <Button
                      variant="ghost"
                      size="icon-sm"
                      data-list-item
                      aria-label={`Add ${product.name}`}
                      onClick={() => onAdd(product.sku)}
                    >
                      <Plus aria-hidden />
                    </Button>
                  </span>
                </TableCell>
              </TableRow>
            );
          })}
        </TableBody>
      </table>
    </section>
  );
}
