import { QueryClient } from '@tanstack/react-query';

/** One per request on the server, one per tab in the browser. Live views are pushed, so nothing refetches by itself. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isTransient(error),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
      },
    },
  });
}

/** Worth another try: the other side was down or late, or the network failed. */
export function isTransient(error: unknown): boolean {
  const code = (error as { data?: { code?: string } | null }).data?.code;
  return code === undefined || ['BAD_GATEWAY', 'SERVICE_UNAVAILABLE', 'GATEWAY_TIMEOUT'].includes(code);
}
