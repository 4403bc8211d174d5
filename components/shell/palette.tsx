'use client';

import { ArrowRight, Command as CommandIcon, Cpu } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useEffect, useState } from 'react';
import { cn } from '#components/ui/cn.ts';
import {
  CommandEmpty,
  CommandGroup,
  CommandInput,
  CommandItem,
  CommandList,
  Command as CommandRoot,
} from '#components/ui/command.tsx';
import { overlayStyle } from '#components/ui/dialog.tsx';
import { floatStyle } from '#components/ui/float.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { useReturnFocus } from '#components/ui/use-return-focus.ts';
import type { ProcessStatus } from '#contracts/sandbox/control.ts';
import { type Command, commands, idCommands, processCommands } from './commands.ts';
import { PageIcon } from './page-icon.tsx';
import { useOfferedActions } from './view-commands.tsx';

/** Finds orders and traces for the typed text; injected by the app, because components never fetch. */
export type PaletteSearch = (text: string, signal: AbortSignal) => Promise<readonly Command[]>;

export type PaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  run: (command: Command) => void;
  processes: readonly ProcessStatus[];
  search: PaletteSearch;
};

/** ⌘K: pages, actions, processes, recent orders and traces, and any id that is pasted. */
export function Palette({ open, onOpenChange, run, processes, search }: PaletteProps) {
  const { remember, onCloseAutoFocus } = useReturnFocus();
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayStyle} />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={onCloseAutoFocus}
          className={cn(
            floatStyle,
            'fixed top-[12vh] left-1/2 flex w-[min(560px,calc(100vw-24px))] -translate-x-1/2 animate-in-fade flex-col',
          )}
        >
          <Radix.Title className="sr-only">Search and run commands</Radix.Title>
          <PaletteBody
            processes={processes}
            search={search}
            run={(command) => {
              onOpenChange(false);
              run(command);
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function PaletteBody({ run, processes, search }: Pick<PaletteProps, 'run' | 'processes' | 'search'>) {
  const [text, setText] = useState('');
  const found = useSearch(text, search);
  const offered = useOfferedActions();
  const direct = idCommands(text);
  const fixed = commands.filter((command) => {
    if (command.kind === 'shell') return command.does !== 'palette';
    return command.kind !== 'view' || offered.has(command.does);
  });
  // Process actions would drown the pages: they appear once something is typed.
  const actions = text.trim() ? processCommands(processes) : [];
  const row = (command: Command) => <PaletteRow key={command.id} command={command} onRun={() => run(command)} />;
  return (
    <CommandRoot loop label="Commands">
      <CommandInput value={text} onValueChange={setText} placeholder="Go to a page, run an action, paste an id…" />
      <CommandList>
        <CommandEmpty>Nothing found. Try a page, a process such as “orders”, or an order or trace id.</CommandEmpty>
        {direct.length > 0 ? <CommandGroup heading="Open">{direct.map(row)}</CommandGroup> : null}
        <CommandGroup heading="Pages">{fixed.filter(({ group }) => group === 'Pages').map(row)}</CommandGroup>
        {found.length > 0 ? <CommandGroup heading="Recent">{found.map(row)}</CommandGroup> : null}
        {actions.length > 0 ? <CommandGroup heading="Processes">{actions.map(row)}</CommandGroup> : null}
        {['View', 'Console'].map((group) => {
          const rows = fixed.filter((command) => command.group === group);
          return rows.length > 0 ? (
            <CommandGroup key={group} heading={group}>
              {rows.map(row)}
            </CommandGroup>
          ) : null;
        })}
      </CommandList>
    </CommandRoot>
  );
}

function PaletteRow({ command, onRun }: { command: Command; onRun: () => void }) {
  // What cmdk matches against: the id keeps two rows of one title apart.
  const value = `${command.title} ${command.words ?? ''} ${command.kind === 'open' ? (command.note ?? '') : ''} ${command.id}`;
  return (
    <CommandItem value={value} onSelect={onRun}>
      <span className="text-tertiary">
        <RowIcon command={command} />
      </span>
      <span className="shrink-0">{command.title}</span>
      {command.kind === 'open' && command.note ? (
        <span className="truncate font-mono text-sm text-tertiary">{command.note}</span>
      ) : null}
      {command.keys ? <Kbd keys={command.keys} className="ml-auto" /> : null}
    </CommandItem>
  );
}

function RowIcon({ command }: { command: Command }) {
  switch (command.kind) {
    case 'page':
      return <PageIcon name={command.icon} />;
    case 'process':
      return <Cpu aria-hidden />;
    case 'open':
      return <ArrowRight aria-hidden />;
    case 'chaos':
    case 'view':
    case 'shell':
    case 'theme':
      return <CommandIcon aria-hidden />;
    default:
      return command satisfies never;
  }
}

/** Results for the text, 120 ms after the last key; an answer for an older text is dropped. */
function useSearch(text: string, search: PaletteSearch): readonly Command[] {
  const [found, setFound] = useState<readonly Command[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      search(text, abort.signal).then(
        (results) => !abort.signal.aborted && setFound(results),
        // The palette works without recent things; the pages say what is wrong with their source.
        () => !abort.signal.aborted && setFound([]),
      );
    }, 120);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [text, search]);
  return found;
}
