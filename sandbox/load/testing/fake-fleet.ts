/** Identity and gateway in one small server: takes orders, and every order ends at once. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeFleet = {
  url: string;
  /** Bodies of the orders that came in. */
  orders: Record<string, unknown>[];
  /** Status with which the next orders are answered. */
  answerWith(status: number): void;
  close(): Promise<void>;
};

export async function startFakeFleet(): Promise<FakeFleet> {
  const orders: Record<string, unknown>[] = [];
  const ids: string[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    const answer = (code: number, body: unknown) => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.url === '/token') {
        answer(200, { access_token: 'token', token_type: 'Bearer', expires_in: 600, scope: 'x' });
      } else if (request.method === 'POST') {
        // Of a caller that was killed in the middle, nothing may have come.
        if (text === '') return;
        orders.push(JSON.parse(text));
        if (status !== 202) return answer(status, { code: 'rate_limited' });
        const id = `01900000-0000-7000-8000-${String(ids.length).padStart(12, '0')}`;
        ids.push(id);
        answer(202, { id });
      } else {
        const before = new URL(request.url ?? '', 'http://localhost').searchParams.get('before') ?? '';
        const found = ids.filter((id) => id < before).reverse();
        const finishedAt = new Date().toISOString();
        answer(200, { orders: found.map((id) => ({ id, status: 'confirmed', finishedAt })), hasMore: false });
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    answerWith(next) {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
