'use client';

import { usePathname, useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { useStored } from '#components/hooks/use-stored.ts';
import type { ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import { BottomBar } from './bottom-bar.tsx';
import type { Command } from './commands.ts';
import { LiveBar } from './live-bar.tsx';
import type { PaletteSearch } from './palette.tsx';
import { ShellContext } from './shell-context.tsx';
import { Sidebar } from './sidebar.tsx';
import { sidebarCookie } from './sidebar-cookie.ts';
import { nextTheme } from './theme-menu.tsx';
import { isApple, useKeyboard } from './use-keyboard.ts';
import { useViewCommands } from './view-commands.tsx';

const loadPalette = () => import('./palette.tsx');
const loadHelp = () => import('./help-dialog.tsx');
// Not needed for the first paint; fetched once the page is idle, so that the first ⌘K is as quick as the second.
const Palette = lazy(async () => ({ default: (await loadPalette()).Palette }));
const HelpDialog = lazy(async () => ({ default: (await loadHelp()).HelpDialog }));

export type AppShellProps = {
  sidebarCollapsed: boolean;
  /** Known processes, for the palette's actions. */
  processes: readonly ProcessStatus[];
  onPaletteOpen: () => void;
  search: PaletteSearch;
  actOnProcess: (process: string, action: ProcessAction) => void;
  /** Reverts every fault, or lets them be armed again. */
  actOnFaults: (does: 'stop-all' | 'release') => void;
  /** Thin bars below every page, where they move nothing when they come and go: what is not as it should be, on purpose. */
  notices: ReactNode;
  children: ReactNode;
};

/** Navigation, keyboard, palette and help around every page. */
export function AppShell(props: AppShellProps) {
  const path = usePathname();
  const [collapsed, setCollapsed] = useState(props.sidebarCollapsed);
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const [keys, setKeys] = useStored('single-keys', 'on');
  const toggleSidebar = () => {
    setCollapsed(!collapsed);
    // biome-ignore lint/suspicious/noDocumentCookie: a view preference that the server reads; cookieStore is not everywhere
    document.cookie = `${sidebarCookie}=${collapsed ? 'open' : 'collapsed'}; path=/; max-age=31536000; samesite=strict`;
  };
  const openPalette = () => {
    props.onPaletteOpen();
    setPalette(true);
  };
  const run = useRunCommand({
    palette: () => (palette ? setPalette(false) : openPalette()),
    help: () => setHelp(true),
    sidebar: toggleSidebar,
    actOnProcess: props.actOnProcess,
    actOnFaults: props.actOnFaults,
  });
  useKeyboard(run, keys === 'on');
  useEffect(() => {
    // The console may be gone at this very moment; whoever opens one of them asks again.
    const timer = setTimeout(() => void Promise.allSettled([loadPalette(), loadHelp()]), 1500);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => void document.documentElement.classList.toggle('apple', isApple()), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the setters are stable, onPaletteOpen may be called late
  const actions = useMemo(() => ({ openPalette, openHelp: () => setHelp(true) }), []);

  return (
    <ShellContext value={actions}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md border border-border-strong bg-surface px-3 py-1.5 font-medium focus:translate-y-0"
      >
        Skip to content
      </a>
      <div className="flex h-dvh flex-col overflow-hidden">
        <div className="flex min-h-0 flex-1">
          <Sidebar path={path} collapsed={collapsed} onToggle={toggleSidebar} />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col">
            <main id="main" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
              {props.children}
            </main>
            {props.notices}
            <LiveBar />
          </div>
        </div>
        <BottomBar path={path} />
      </div>
      <Suspense>
        {palette ? (
          <Palette open onOpenChange={setPalette} run={run} processes={props.processes} search={props.search} />
        ) : null}
        {help ? (
          <HelpDialog
            open
            onOpenChange={setHelp}
            singleKeys={keys === 'on'}
            onSingleKeys={(on) => setKeys(on ? 'on' : 'off')}
          />
        ) : null}
      </Suspense>
    </ShellContext>
  );
}

type ShellDoes = {
  palette: () => void;
  help: () => void;
  sidebar: () => void;
  actOnProcess: (process: string, action: ProcessAction) => void;
  actOnFaults: (does: 'stop-all' | 'release') => void;
};

function useRunCommand(does: ShellDoes): (command: Command) => void {
  const router = useRouter();
  const { theme, systemTheme, setTheme } = useTheme();
  const viewCommands = useViewCommands();
  return (command) => {
    switch (command.kind) {
      case 'page':
      case 'open':
        router.push(command.href);
        return;
      case 'theme':
        setTheme(command.theme === 'next' ? nextTheme(theme, systemTheme) : command.theme);
        return;
      case 'view':
        viewCommands.run(command.does);
        return;
      case 'shell':
        does[command.does]();
        return;
      case 'process':
        does.actOnProcess(command.process, command.action);
        return;
      case 'chaos':
        does.actOnFaults(command.does);
        return;
      default:
        command satisfies never;
    }
  };
}
