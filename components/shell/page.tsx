'use client';

import { CircleHelp, Search } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { keysOf } from './commands.ts';
import { LiveToggle } from './live-toggle.tsx';
import { useShell } from './shell-context.tsx';
import { ThemeMenu } from './theme-menu.tsx';

export type PageProps = {
  /** The one h1. */
  title: ReactNode;
  /** Pages above this one, outermost first. */
  crumbs?: readonly { title: string; href: string }[];
  /** Beside the title: a state chip, a count. */
  note?: ReactNode;
  /** The page's own buttons in the top bar. At most one is `primary`. */
  actions?: ReactNode;
  /**
   * `scroll`: the page scrolls and has a margin. `fill`: the children fill the window and scroll inside themselves
   * (lists with a side panel, map, waterfall); no margin.
   */
  layout?: 'scroll' | 'fill';
  children: ReactNode;
};

/** Every page's frame: top bar with breadcrumb, title and actions, then the content. */
export function Page({ title, crumbs = [], note, actions, layout = 'scroll', children }: PageProps) {
  const { openPalette, openHelp } = useShell();
  return (
    <>
      <header
        data-slot="top-bar"
        className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-border bg-canvas py-1.5 pr-2 pl-4"
      >
        {crumbs.length > 0 ? (
          <nav aria-label="Breadcrumb">
            <ol className="flex items-center gap-2">
              {crumbs.map((crumb) => (
                <li key={crumb.href} className="flex items-center gap-2">
                  <Link href={crumb.href} className="rounded-sm text-base text-secondary hover:text-foreground">
                    {crumb.title}
                  </Link>
                  <span aria-hidden className="text-tertiary">
                    /
                  </span>
                </li>
              ))}
            </ol>
          </nav>
        ) : null}
        <h1 className="min-w-0 truncate text-lg font-semibold">{title}</h1>
        {note ? (
          <div className="min-w-0 truncate text-sm text-secondary max-md:order-last max-md:w-full">{note}</div>
        ) : null}
        <div className="ml-auto flex items-center gap-1">
          {actions}
          <LiveToggle />
          <Button
            variant="ghost"
            className="max-md:w-7 max-md:px-0 md:w-60 md:justify-start md:border-border md:bg-surface"
            aria-label="Search or jump to…"
            onClick={openPalette}
          >
            <Search aria-hidden />
            <span className="hidden font-normal text-tertiary md:inline">Search or jump to…</span>
            <Kbd keys={keysOf('shell.palette') ?? []} className="ml-auto max-md:hidden" />
          </Button>
          <ThemeMenu />
          <Tooltip content="Keyboard shortcuts" keys={keysOf('shell.help')}>
            <Button
              variant="ghost"
              size="icon"
              aria-label="Keyboard shortcuts"
              className="max-md:hidden"
              onClick={openHelp}
            >
              <CircleHelp aria-hidden />
            </Button>
          </Tooltip>
        </div>
      </header>
      <div
        className={cn(
          'min-h-0 flex-1',
          layout === 'scroll' ? 'flex flex-col gap-4 overflow-y-auto p-4 max-md:p-2' : 'flex flex-col overflow-hidden',
        )}
      >
        {children}
      </div>
    </>
  );
}
