'use client';

import { Ellipsis, type LucideIcon, Pause, Play, Power, RotateCw, Skull, StepForward, Zap } from 'lucide-react';
import Link from 'next/link';
import { armHref } from '#components/chaos/arm-href.ts';
import { actionsFor, actionTitle } from '#components/shell/commands.ts';
import { Button } from '#components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '#components/ui/dropdown-menu.tsx';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';

const icons: Record<ProcessAction, LucideIcon> = {
  start: Play,
  stop: Power,
  restart: RotateCw,
  kill: Skull,
  pause: Pause,
  resume: StepForward,
};

const signals: Partial<Record<ProcessAction, string>> = {
  stop: 'SIGTERM',
  kill: 'SIGKILL',
  pause: 'SIGSTOP',
  resume: 'SIGCONT',
};

export type ProcessActionsProps = {
  process: ProcessStatus;
  onAction: (name: string, action: ProcessAction) => void;
};

/** What can be done to a process now, as a menu for its row. */
export function ProcessMenu({ process, onAction }: ProcessActionsProps) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={`Actions for ${process.name}`}>
          <Ellipsis aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        {actionsFor(process).map((action) => {
          const Icon = icons[action];
          return (
            <DropdownMenuItem key={action} danger={action === 'kill'} onSelect={() => onAction(process.name, action)}>
              <Icon aria-hidden />
              {actionTitle(action)}
              {signals[action] ? (
                <span className="ml-auto pl-4 font-mono text-sm text-tertiary">{signals[action]}</span>
              ) : null}
            </DropdownMenuItem>
          );
        })}
        {isTarget(process) ? (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuItem asChild>
              <Link href={armHref({ target: process.name })}>
                <Zap aria-hidden />
                Arm a fault…
              </Link>
            </DropdownMenuItem>
          </>
        ) : null}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** The page itself and the process that injects faults have none. */
function isTarget({ name }: ProcessStatus): boolean {
  return name !== 'console' && name !== 'toxics';
}

/** The same as buttons, for a panel. */
export function ProcessButtons({ process, onAction }: ProcessActionsProps) {
  return (
    <div className="flex flex-wrap gap-1">
      {actionsFor(process).map((action) => {
        const Icon = icons[action];
        return (
          <Button
            key={action}
            variant={action === 'kill' ? 'danger' : 'secondary'}
            onClick={() => onAction(process.name, action)}
          >
            <Icon aria-hidden />
            {actionTitle(action)}
          </Button>
        );
      })}
      {isTarget(process) ? (
        <Button asChild>
          <Link href={armHref({ target: process.name })}>
            <Zap aria-hidden />
            Arm a fault…
          </Link>
        </Button>
      ) : null}
    </div>
  );
}
