import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

export const controlStyle =
  'w-full min-w-0 rounded-md border border-border-strong bg-surface px-2 text-base text-foreground transition-colors placeholder:text-tertiary hover:border-secondary disabled:cursor-not-allowed disabled:opacity-50 aria-invalid:border-error';

/** Single-line text field, 28 px (`h-8` in primary forms). Give it a label: `<Field>` or `aria-label`. */
export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return <input data-slot="input" type={type} className={cn(controlStyle, 'h-7', className)} {...props} />;
}

/** Multi-line text field. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea data-slot="textarea" className={cn(controlStyle, 'min-h-16 py-1', className)} {...props} />;
}
