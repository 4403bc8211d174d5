import 'server-only';
import { dehydrate, type FetchQueryOptions, HydrationBoundary } from '@tanstack/react-query';
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { ReactNode } from 'react';
import { createQueryClient } from '#app/_client/query-client.ts';
import { context } from './context.ts';
import { type AppRouter, appRouter } from './router.ts';

/** A page waits this long for its data; what comes later is fetched by the browser, behind its skeleton. */
const patienceMs = 400;

/**
 * Runs queries on the server before a page renders and hands their results to the browser's cache:
 * `<Prefetch queries={(trpc) => [trpc.processes.list.queryOptions()]}>`.
 */
export async function Prefetch(props: {
  // biome-ignore lint/suspicious/noExplicitAny: queries of different types in one list
  queries: (trpc: TRPCOptionsProxy<AppRouter>) => FetchQueryOptions<any, any, any, any>[];
  children: ReactNode;
}) {
  const queryClient = createQueryClient();
  const trpc = createTRPCOptionsProxy<AppRouter>({ ctx: context, router: appRouter, queryClient });
  const queries = props.queries(trpc).map((query) => queryClient.prefetchQuery({ ...query, retry: false }));
  await Promise.race([Promise.all(queries), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  const state = dehydrate(queryClient, { shouldDehydrateQuery: ({ state: { status } }) => status === 'success' });
  return <HydrationBoundary state={state}>{props.children}</HydrationBoundary>;
}
