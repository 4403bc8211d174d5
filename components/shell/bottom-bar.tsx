'use client';

import Link from 'next/link';
import { pages } from './commands.ts';
import { PageIcon } from './page-icon.tsx';
import { isCurrent } from './sidebar.tsx';

/** Navigation below 768 px: the same pages, under the thumb; it scrolls when they are many. */
export function BottomBar({ path }: { path: string }) {
  return (
    <nav
      aria-label="Main"
      className="shrink-0 border-t border-border bg-sidebar pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      <ul className="flex overflow-x-auto">
        {pages.map((page) => (
          <li key={page.id} className="min-w-15 flex-1">
            <Link
              href={page.href}
              aria-current={isCurrent(page, path) ? 'page' : undefined}
              className="flex h-12 flex-col items-center justify-center gap-0.5 text-xs text-secondary aria-[current=page]:font-medium aria-[current=page]:text-foreground"
            >
              <PageIcon name={page.icon} className="size-4" />
              {page.title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
