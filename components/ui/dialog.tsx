'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { useReturnFocus } from './use-return-focus.ts';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

export const overlayStyle = 'fixed inset-0 z-50 bg-overlay animate-in-fade';

/** Focus goes to the dialog, not to its first button, unless a field inside asked for it with `autoFocus`. */
export function focusContent(event: Event) {
  event.preventDefault();
  const content = event.currentTarget as HTMLElement;
  if (!content.contains(document.activeElement)) content.focus();
}

export type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  title: ReactNode;
  description?: ReactNode;
  /** Buttons, at the end of the dialog. */
  footer?: ReactNode;
};

/** Modal dialog: focus is trapped inside and returned on close. Title is required. */
export function DialogContent({ title, description, footer, className, children, ...props }: DialogContentProps) {
  const { remember, onCloseAutoFocus } = useReturnFocus();
  return (
    <Radix.Portal>
      <Radix.Overlay className={overlayStyle} />
      <Radix.Content
        data-slot="dialog"
        onOpenAutoFocus={(event) => {
          remember();
          focusContent(event);
        }}
        onCloseAutoFocus={onCloseAutoFocus}
        {...(description ? {} : { 'aria-describedby': undefined })}
        className={cn(
          'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(480px,calc(100vw-24px))] -translate-x-1/2 flex-col rounded-lg border border-border bg-popover shadow-float animate-in-fade outline-none',
          className,
        )}
        {...props}
      >
        <header className="flex items-start gap-2 border-b border-border py-2 pr-2 pl-4">
          <div className="min-w-0 flex-1 py-0.5">
            <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
            {description ? (
              <Radix.Description className="text-sm text-secondary">{description}</Radix.Description>
            ) : null}
          </div>
          <Radix.Close asChild>
            <Button variant="ghost" size="icon" aria-label="Close">
              <X aria-hidden />
            </Button>
          </Radix.Close>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
        {footer ? <footer className="flex justify-end gap-2 border-t border-border px-4 py-3">{footer}</footer> : null}
      </Radix.Content>
    </Radix.Portal>
  );
}
