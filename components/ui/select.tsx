import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { controlStyle } from './input.tsx';

export type SelectOption<Value extends string> = { value: Value; label: string; disabled?: boolean };

export type SelectProps<Value extends string> = Omit<ComponentProps<'select'>, 'value' | 'onChange' | 'children'> & {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
};

/**
 * Pick one of a few. The browser's own select: Radix's hides the page from assistive technology while its controls stay
 * focusable (axe: aria-hidden-focus), and a phone brings a better list than we would.
 */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onValueChange, options, className, ...rest } = props;
  return (
    <span data-slot="select" className={cn('relative inline-flex', className)}>
      <select
        value={value}
        onChange={(event) => onValueChange(event.target.value as Value)}
        className={cn(controlStyle, 'h-7 cursor-pointer appearance-none truncate pr-7 [&>option]:bg-popover')}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 stroke-[1.5] text-tertiary"
        aria-hidden
      />
    </span>
  );
}
