'use client';

import { PanelLeft } from 'lucide-react';
import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Kbd } from '#components/ui/kbd.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { keysOf, type PageCommand, pages } from './commands.ts';
import { Logo } from './logo.tsx';
import { PageIcon } from './page-icon.tsx';

/** True when `path` is the page or below it. */
export function isCurrent(page: PageCommand, path: string): boolean {
  return page.href === '/' ? path === '/' : path === page.href || path.startsWith(`${page.href}/`);
}

/** Navigation from 768 px up: 216 px wide, or 48 with icons only. */
export function Sidebar({ path, collapsed, onToggle }: { path: string; collapsed: boolean; onToggle: () => void }) {
  const toggle = collapsed ? 'Expand sidebar' : 'Collapse sidebar';
  return (
    <div
      data-slot="sidebar"
      data-collapsed={collapsed}
      className={cn('hidden shrink-0 flex-col border-r border-border bg-sidebar md:flex', collapsed ? 'w-12' : 'w-54')}
    >
      <div className={cn('flex h-12 items-center gap-2', collapsed ? 'justify-center' : 'px-4')}>
        <Logo className="size-5" />
        {collapsed ? null : <span className="text-base font-semibold">Orrery</span>}
      </div>
      <nav aria-label="Main" className="flex-1 overflow-y-auto p-2">
        <ul className="flex flex-col gap-px">
          {pages.map((page) => (
            <li key={page.id}>
              <NavLink page={page} current={isCurrent(page, path)} collapsed={collapsed} />
            </li>
          ))}
        </ul>
      </nav>
      <div className={cn('flex p-2', collapsed ? 'justify-center' : 'justify-end')}>
        <Tooltip content={toggle} keys={keysOf('shell.sidebar')} side="right">
          <Button variant="ghost" size="icon" aria-label={toggle} aria-expanded={!collapsed} onClick={onToggle}>
            <PanelLeft aria-hidden />
          </Button>
        </Tooltip>
      </div>
    </div>
  );
}

function NavLink({ page, current, collapsed }: { page: PageCommand; current: boolean; collapsed: boolean }) {
  const link = (
    <Link
      href={page.href}
      aria-current={current ? 'page' : undefined}
      aria-label={collapsed ? page.title : undefined}
      className={cn(
        'group flex h-7 items-center gap-2 rounded-md px-2 text-secondary transition-colors hover:bg-raised hover:text-foreground aria-[current=page]:bg-raised aria-[current=page]:font-medium aria-[current=page]:text-foreground',
        collapsed && 'justify-center px-0',
      )}
    >
      <PageIcon name={page.icon} className="size-4 shrink-0" />
      {collapsed ? null : (
        <>
          <span className="flex-1">{page.title}</span>
          <span
            aria-hidden
            className="opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100"
          >
            <Kbd keys={page.keys ?? []} />
          </span>
        </>
      )}
    </Link>
  );
  if (!collapsed) return link;
  return (
    <Tooltip content={page.title} keys={page.keys} side="right">
      {link}
    </Tooltip>
  );
}
