'use client';

import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { floatStyle, itemStyle } from './float.ts';
import { controlStyle } from './input.tsx';
import { useNonce } from './nonce.tsx';

export type SelectOption<Value extends string> = { value: Value; label: ReactNode; hint?: ReactNode };

export type SelectProps<Value extends string> = {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  id?: string;
  className?: string;
  placeholder?: string;
  disabled?: boolean;
  'aria-label'?: string;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: boolean | undefined;
};

/** Pick one of a few. Empty strings are not allowed as values (Radix keeps them for "nothing chosen"). */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onValueChange, options, placeholder, disabled, className, ...trigger } = props;
  const nonce = useNonce();
  return (
    <Radix.Root value={value} onValueChange={(next) => onValueChange(next as Value)} disabled={disabled}>
      <Radix.Trigger
        data-slot="select"
        className={cn(controlStyle, 'inline-flex h-7 items-center justify-between gap-1.5 text-left', className)}
        {...trigger}
      >
        <span className="truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <Radix.Icon asChild>
          <ChevronDown className="size-4 shrink-0 stroke-[1.5] text-tertiary" aria-hidden />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className={cn(floatStyle, 'max-h-80 min-w-(--radix-select-trigger-width) p-1')}
        >
          <Radix.Viewport nonce={nonce}>
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className={cn(itemStyle, 'pr-7')}>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint ? <span className="ml-auto text-sm text-tertiary">{option.hint}</span> : null}
                <Radix.ItemIndicator className="absolute right-2">
                  <Check className="size-4 stroke-[1.5]" aria-hidden />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
