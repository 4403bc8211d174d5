'use client';

import { invariantsText } from '#components/proof/judged.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { titleOf } from './pattern-groups.ts';
import type { ServicePattern } from './patterns-view.ts';

export type SwitchOffDialogProps = {
  /** Null: closed. */
  of: ServicePattern | null;
  onCancel: () => void;
  onConfirm: (of: ServicePattern) => void;
};

/** Asks before a pattern is switched off, and says what may break. */
export function SwitchOffDialog({ of, onCancel, onConfirm }: SwitchOffDialogProps) {
  return (
    <Dialog open={of !== null} onOpenChange={(open) => !open && onCancel()}>
      {of === null ? null : (
        <DialogContent
          title={`Switch off “${titleOf(of.status.pattern)}” in ${of.service}?`}
          description={of.status.description}
          footer={
            <>
              <DialogClose asChild>
                <Button size="lg">Cancel</Button>
              </DialogClose>
              <Button size="lg" variant="danger" onClick={() => onConfirm(of)}>
                Switch off
              </Button>
            </>
          }
        >
          <ul className="flex list-disc flex-col gap-1 pl-4 text-sm">
            <li>
              {of.status.threatens.length > 0
                ? `These invariants may break: ${invariantsText(of.status.threatens)}.`
                : 'No invariant depends on it alone.'}
            </li>
            <li>It stays off until it is switched on again or {of.service} restarts.</li>
            <li>
              Every page is marked while it is off. What went wrong meanwhile is not put right by switching it on.
            </li>
          </ul>
        </DialogContent>
      )}
    </Dialog>
  );
}
