'use client';

import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { Toast as Radix } from 'radix-ui';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { Button } from './button.tsx';

export type ToastTone = 'ok' | 'error' | 'info';
export type ToastMessage = { tone: ToastTone; title: string; detail?: string };

type Shown = ToastMessage & { id: number };

const ToastContext = createContext<(message: ToastMessage) => void>(() => {});
const icons = { ok: CircleCheck, error: CircleAlert, info: Info } as const;
const colours = { ok: 'text-ok', error: 'text-error', info: 'text-info' } as const;

/** Returns `toast(message)`. For the result of an action that has no other place on screen. */
export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}

/** Shows at most three messages; an error stays until it is closed. F8 moves focus to them. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [{ shown }, setState] = useState<{ shown: Shown[]; next: number }>({ shown: [], next: 1 });
  const toast = useCallback((message: ToastMessage) => {
    setState(({ shown: before, next }) => ({
      shown: [...before, { ...message, id: next }].slice(-3),
      next: next + 1,
    }));
  }, []);
  const value = useMemo(() => toast, [toast]);
  return (
    <ToastContext value={value}>
      <Radix.Provider swipeDirection="right">
        {children}
        {shown.map((message) => {
          const Icon = icons[message.tone];
          return (
            <Radix.Root
              key={message.id}
              type={message.tone === 'error' ? 'foreground' : 'background'}
              duration={message.tone === 'error' ? Number.POSITIVE_INFINITY : 4000}
              onOpenChange={(open) =>
                !open && setState((state) => ({ ...state, shown: state.shown.filter(({ id }) => id !== message.id) }))
              }
              className="flex items-start gap-2 rounded-lg border border-border bg-popover p-2 pl-3 shadow-float animate-in-rise"
            >
              <Icon className={`mt-0.5 size-4 shrink-0 stroke-[1.5] ${colours[message.tone]}`} aria-hidden />
              <div className="min-w-0 flex-1 py-0.5">
                <Radix.Title className="text-base font-medium">{message.title}</Radix.Title>
                {message.detail ? (
                  <Radix.Description className="text-sm break-words text-secondary">{message.detail}</Radix.Description>
                ) : null}
              </div>
              <Radix.Close asChild>
                <Button variant="ghost" size="icon-sm" aria-label="Dismiss">
                  <X aria-hidden />
                </Button>
              </Radix.Close>
            </Radix.Root>
          );
        })}
        <Radix.Viewport className="fixed right-3 bottom-13 z-50 flex w-[min(360px,calc(100vw-24px))] flex-col gap-2 outline-none max-md:bottom-28" />
      </Radix.Provider>
    </ToastContext>
  );
}
