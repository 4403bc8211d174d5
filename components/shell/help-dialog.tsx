'use client';

import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { commands } from './commands.ts';

export type HelpDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  singleKeys: boolean;
  onSingleKeys: (on: boolean) => void;
};

const groups = ['Pages', 'View', 'Console'] as const;

/** Every command that has a key, from the registry, and the switch that turns plain keys off. */
export function HelpDialog({ open, onOpenChange, singleKeys, onSingleKeys }: HelpDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Keyboard shortcuts" description="Press two keys one after the other where two are shown.">
        <div className="flex flex-col gap-4">
          {groups.map((group) => (
            <section key={group} aria-label={group}>
              <h3 className="pb-1 text-sm font-medium text-tertiary">{group}</h3>
              <dl>
                {commands
                  .filter((command) => command.group === group && command.keys)
                  .map((command) => (
                    <div
                      key={command.id}
                      className="flex h-7 items-center justify-between border-b border-border last:border-b-0"
                    >
                      <dt>{command.title}</dt>
                      <dd>
                        <Kbd keys={command.keys ?? []} />
                      </dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
          <div className="flex items-center justify-between gap-4 border-t border-border pt-3">
            <label htmlFor="single-keys">
              Shortcuts without a modifier
              <span className="block text-sm text-secondary">Off leaves only those with Ctrl or ⌘.</span>
            </label>
            <Switch id="single-keys" checked={singleKeys} onCheckedChange={onSingleKeys} />
          </div>
        </div>
      </DialogContent>
    </Dialog>
  );
}
