import { CircleAlert } from 'lucide-react';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

export type ErrorStateProps = {
  /** What failed, in the reader's words: "Orders cannot be read". */
  title: string;
  /** Where and why: the message of the error. */
  detail?: string | null;
  onRetry?: () => void;
  className?: string;
};

/** It failed: what, where, and a way to try again. */
export function ErrorState({ title, detail, onRetry, className }: ErrorStateProps) {
  return (
    <div
      role="alert"
      data-slot="error"
      className={cn('flex flex-col items-center gap-2 px-4 py-8 text-center', className)}
    >
      <p className="flex items-center gap-1.5 font-medium">
        <CircleAlert className="size-4 shrink-0 stroke-[1.5] text-error" aria-hidden />
        {title}
      </p>
      {detail ? <p className="max-w-prose text-sm break-words text-secondary">{detail}</p> : null}
      {onRetry ? (
        <Button onClick={onRetry} className="mt-1">
          Try again
        </Button>
      ) : null}
    </div>
  );
}
