'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import type { AppRouter } from '#app/api/_server/router.ts';
import { LiveStatusProvider } from '#components/live/live-status.tsx';
import { ViewCommandsProvider } from '#components/shell/view-commands.tsx';
import { NonceProvider } from '#components/ui/nonce.tsx';
import { ToastProvider } from '#components/ui/toast.tsx';
import { TooltipProvider } from '#components/ui/tooltip.tsx';
import { createQueryClient } from './query-client.ts';
import { signedInFetch } from './session.ts';
import { TRPCProvider } from './trpc.ts';

const url = '/api/trpc';

function createClient() {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: ({ type }) => type === 'subscription',
        true: httpSubscriptionLink({ url }),
        // The header is what no form of another site can send; see api/_server/security/guard.ts.
        false: httpBatchLink({ url, maxItems: 8, headers: { 'x-orrery-csrf': '1' }, fetch: signedInFetch }),
      }),
    ],
  });
}

/** Everything that needs the browser, outermost first. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createClient);
  return (
    <NonceProvider nonce={nonce}>
      <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange nonce={nonce}>
        <NuqsAdapter>
          <QueryClientProvider client={queryClient}>
            <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
              <TooltipProvider delayDuration={400} skipDelayDuration={200}>
                <ToastProvider>
                  <LiveStatusProvider>
                    <ViewCommandsProvider>{children}</ViewCommandsProvider>
                  </LiveStatusProvider>
                </ToastProvider>
              </TooltipProvider>
            </TRPCProvider>
          </QueryClientProvider>
        </NuqsAdapter>
      </ThemeProvider>
    </NonceProvider>
  );
}
