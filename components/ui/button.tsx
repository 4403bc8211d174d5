import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';

export const buttonStyle = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.5]',
  {
    variants: {
      variant: {
        primary:
          'border-transparent bg-accent text-on-accent hover:bg-[color-mix(in_oklch,var(--accent)_88%,var(--text))]',
        secondary: 'border-border-strong bg-surface text-foreground hover:bg-raised',
        ghost:
          'border-transparent text-secondary hover:bg-raised hover:text-foreground data-[state=open]:bg-raised data-[state=open]:text-foreground',
        danger: 'border-error bg-surface text-error hover:bg-[color-mix(in_oklch,var(--error)_10%,var(--surface))]',
      },
      size: {
        sm: 'h-6 px-2 text-sm',
        md: 'h-7 px-2.5 text-sm',
        lg: 'h-8 px-3 text-base',
        icon: 'size-7',
        'icon-sm': 'size-6',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonStyle> & { asChild?: boolean };

/** 28 px by default, 32 (`lg`) in primary forms. `primary` at most once per view. An icon button needs an `aria-label`. */
export function Button({ className, variant, size, asChild = false, type, ...props }: ButtonProps) {
  const Part = asChild ? Slot.Root : 'button';
  return (
    <Part
      data-slot="button"
      type={asChild ? undefined : (type ?? 'button')}
      className={cn(buttonStyle({ variant, size }), className)}
      {...props}
    />
  );
}
