'use client';

import { createTRPCContext } from '@trpc/tanstack-react-query';
import type { AppRouter } from '#app/api/_server/router.ts';

/** `useTRPC()` gives typed `queryOptions`, `mutationOptions` and `subscriptionOptions` for TanStack Query. */
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
