import { AppError } from '#contracts/errors.ts';
import {
  getReadModel,
  getTimeline,
  listOpenSagas,
  listOrders,
  type OpenSagaState,
  OrderUpdate,
  orderStats,
  rebuildReadModel,
  sagaStats,
} from '#contracts/http/history.ts';
import type { OrderStatus, SagaStyle } from '#contracts/http/orders.ts';
import { callRoute } from './route.ts';
import { serverSentEvents } from './sse.ts';
import type { TokenSource } from './token.ts';

export type HistorySource = ReturnType<typeof historySource>;

export type OrderFilter = {
  status?: OrderStatus | undefined;
  customerId?: string | undefined;
  limit?: number | undefined;
  before?: string | undefined;
};

export type OpenSagaFilter = {
  state?: OpenSagaState | undefined;
  style?: SagaStyle | undefined;
  limit?: number | undefined;
};

/** Client of the read model (contracts/http/history.ts), with the console's own token. Throws AppErrors. */
export function historySource({ url, token }: { url: string; token: TokenSource }) {
  const at = async (signal?: AbortSignal) => ({ process: 'history', baseUrl: url, token: await token(), signal });
  return {
    orders: async (query: OrderFilter, signal?: AbortSignal) => callRoute(listOrders, { ...(await at(signal)), query }),
    timeline: async (id: string, signal?: AbortSignal) =>
      callRoute(getTimeline, { ...(await at(signal)), params: { id } }),
    sagaStats: async (windowSeconds: number, signal?: AbortSignal) =>
      callRoute(sagaStats, { ...(await at(signal)), query: { windowSeconds } }),
    openSagas: async (query: OpenSagaFilter, signal?: AbortSignal) =>
      callRoute(listOpenSagas, { ...(await at(signal)), query }),
    stats: async (signal?: AbortSignal) => callRoute(orderStats, await at(signal)),
    readModel: async (signal?: AbortSignal) => callRoute(getReadModel, await at(signal)),
    rebuild: async () => callRoute(rebuildReadModel, await at()),
    /** Every event of every order (or of one), with the view after it; resumes after `lastEventId`. */
    async *stream(
      options: { orderId?: string | undefined; lastEventId?: string | null | undefined },
      signal: AbortSignal,
      onOpen?: () => void,
    ): AsyncGenerator<{ id: string; update: OrderUpdate }> {
      const { orderId, lastEventId } = options;
      const events = serverSentEvents({
        process: 'history',
        url: `${url}/stream${orderId ? `?orderId=${encodeURIComponent(orderId)}` : ''}`,
        token: await token(),
        headers: lastEventId ? { 'Last-Event-ID': lastEventId } : {},
        signal,
      });
      for await (const { event, id, data } of events) {
        if (event === 'open') onOpen?.();
        if (event !== 'order') continue;
        const update = OrderUpdate.safeParse(JSON.parse(data));
        if (!update.success) throw new AppError('dependency_failed', 'history streamed something unknown');
        yield { id: id ?? update.data.entry.messageId, update: update.data };
      }
    },
  };
}
