'use client';

import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { focusContent, overlayStyle } from './dialog.tsx';
import { useReturnFocus } from './use-return-focus.ts';

export type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  side: 'left' | 'right';
  /** Name for assistive technology; draw your own visible heading. */
  label: string;
  className?: string;
  children: ReactNode;
};

/** Modal panel that slides in from an edge: the navigation and the side panel on small screens. */
export function Sheet({ open, onOpenChange, side, label, className, children }: SheetProps) {
  const { remember, onCloseAutoFocus } = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Radix.Content
          data-slot="sheet"
          onOpenAutoFocus={(event) => {
            remember();
            focusContent(event);
          }}
          onCloseAutoFocus={onCloseAutoFocus}
          aria-describedby={undefined}
          className={cn(
            'fixed inset-y-0 z-50 flex flex-col bg-canvas shadow-float outline-none',
            side === 'left'
              ? 'left-0 w-64 animate-in-left border-r border-border'
              : 'right-0 w-full max-w-xl animate-in-right border-l border-border',
            className,
          )}
        >
          <Radix.Title className="sr-only">{label}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
