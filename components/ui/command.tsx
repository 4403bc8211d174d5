'use client';

import { Command as Cmdk } from 'cmdk';
import { Search } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn.ts';
import { itemStyle } from './float.ts';

/** Filterable list of commands (cmdk), styled as our menus. */
export function Command({ className, ...props }: ComponentProps<typeof Cmdk>) {
  return <Cmdk data-slot="command" className={cn('flex min-h-0 flex-col', className)} {...props} />;
}

export function CommandInput({ className, ...props }: ComponentProps<typeof Cmdk.Input>) {
  return (
    <div className="flex h-10 items-center gap-2 border-b border-border px-3">
      <Search className="size-4 shrink-0 stroke-[1.5] text-tertiary" aria-hidden />
      <Cmdk.Input
        className={cn('h-full flex-1 bg-transparent text-base outline-none placeholder:text-tertiary', className)}
        {...props}
      />
    </div>
  );
}

export function CommandList({ className, ...props }: ComponentProps<typeof Cmdk.List>) {
  return <Cmdk.List className={cn('max-h-[min(420px,60vh)] overflow-y-auto p-1', className)} {...props} />;
}

export function CommandEmpty(props: ComponentProps<typeof Cmdk.Empty>) {
  return <Cmdk.Empty className="px-2 py-6 text-center text-secondary" {...props} />;
}

export function CommandGroup({ className, ...props }: ComponentProps<typeof Cmdk.Group>) {
  return (
    <Cmdk.Group
      className={cn(
        '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-1.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-tertiary',
        className,
      )}
      {...props}
    />
  );
}

export function CommandItem({ className, ...props }: ComponentProps<typeof Cmdk.Item>) {
  return <Cmdk.Item className={cn(itemStyle, className)} {...props} />;
}
