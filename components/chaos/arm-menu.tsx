'use client';

import { Zap } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '#components/ui/dropdown-menu.tsx';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { armHref } from './arm-href.ts';
import type { ArmChoice } from './saga-faults.ts';

export type ArmMenuProps = {
  /** What is broken, above the choices. */
  title: string;
  choices: readonly ArmChoice[];
  /** Only this order, where the fault can tell; null is whatever passes first. */
  order: string | null;
  style: SagaStyle;
  /** The button that opens it. */
  children: ReactNode;
};

/** Faults that fit a place, each a link to its form with everything filled in. */
export function ArmMenu({ title, choices, order, style, children }: ArmMenuProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
      <DropdownMenuContent className="max-w-[min(24rem,calc(100vw-1rem))]">
        <DropdownMenuLabel>{title}</DropdownMenuLabel>
        {choices.map((choice) => (
          <DropdownMenuItem key={`${choice.fault} ${choice.target}`} asChild>
            <Link href={armHref({ ...choice, order, style })}>
              <Zap aria-hidden />
              {choice.title}
            </Link>
          </DropdownMenuItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          <Link href={armHref({ target: null, order, style })}>All faults…</Link>
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
