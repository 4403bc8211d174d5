import { Label } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import { cn } from './cn.ts';

export type FieldProps = {
  label: ReactNode;
  /** One short line under the control; replaced by the error while there is one. */
  hint?: ReactNode;
  error?: string | null;
  className?: string;
  /** Receives the ids to put on the control. */
  children: (control: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': boolean | undefined;
  }) => ReactNode;
};

/** Label, control, and a hint or an error, tied together for assistive technology. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div data-slot="field" className={cn('flex min-w-0 flex-col gap-1', className)}>
      <Label.Root htmlFor={id} className="text-sm font-medium text-secondary">
        {label}
      </Label.Root>
      {children({
        id,
        'aria-describedby': note ? `${id}-note` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {note ? (
        <p id={`${id}-note`} className={cn('text-sm', error ? 'text-error' : 'text-tertiary')}>
          {note}
        </p>
      ) : null}
    </div>
  );
}
