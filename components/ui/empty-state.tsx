import type { ReactNode } from 'react';
import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';

export type EmptyStateProps = {
  /** What would appear here. */
  title: string;
  children?: ReactNode;
  /** The command that makes it appear, shown with a copy button. */
  command?: string;
  /** Or the button that does. */
  action?: ReactNode;
  className?: string;
};

/** Nothing yet: says what would be here and how to make it appear. */
export function EmptyState({ title, children, command, action, className }: EmptyStateProps) {
  return (
    <div data-slot="empty" className={cn('flex flex-col items-center gap-2 px-4 py-8 text-center', className)}>
      <p className="font-medium">{title}</p>
      {children ? <p className="max-w-prose text-sm text-secondary">{children}</p> : null}
      {command ? (
        <span className="mt-1 inline-flex max-w-full items-center gap-1 rounded-md border border-border bg-canvas py-0.5 pr-0.5 pl-2">
          <code className="truncate text-sm">{command}</code>
          <CopyButton value={command} label="Copy command" />
        </span>
      ) : null}
      {action ? <div className="mt-1">{action}</div> : null}
    </div>
  );
}
