import './globals.css';
import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { sidebarCookie } from '#components/shell/sidebar-cookie.ts';
import { ConsoleShell } from './_client/console-shell.tsx';
import { Providers } from './_client/providers.tsx';
import { Prefetch } from './api/_server/prefetch.tsx';

export const metadata: Metadata = {
  title: { default: 'Orrery', template: '%s · Orrery' },
  description: 'A working model of a production microservice architecture on one laptop',
};

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfcfd' },
    { media: '(prefers-color-scheme: dark)', color: '#0d0e11' },
  ],
};

/** Rendered per request: every page needs the request's CSP nonce. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const collapsed = (await cookies()).get(sidebarCookie)?.value === 'collapsed';
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce}>
          {/* What the shell reads, it has to find here: a page's own prefetch would come after it has asked. */}
          <Prefetch queries={(trpc) => [trpc.processes.list.queryOptions(), trpc.chaos.state.queryOptions()]}>
            <ConsoleShell sidebarCollapsed={collapsed}>{children}</ConsoleShell>
          </Prefetch>
        </Providers>
      </body>
    </html>
  );
}
