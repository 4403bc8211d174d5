import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { AppError } from '#contracts/errors.ts';
import { listOrders, type OrderView } from '#contracts/http/history.ts';
import { terminalStatuses } from '#contracts/http/orders.ts';
import type { WorstOrder } from '#contracts/sandbox/experiments.ts';
import { HistoryLine, type LoadRun } from '#contracts/sandbox/load.ts';
import { successor } from '../../load/ends.ts';
import { type Credentials, createTokenSource } from '../../load/token-source.ts';

const page = 500;
const mostPages = 10;
const withinMs = 5_000;

/** Orders of a load run that did not end, or took longest to, the worst first. Rejects when the read model is away. */
export async function worstOrders(
  run: LoadRun,
  most: number,
  endpoints: { gateway: string; identity: string },
  credentials: Credentials,
): Promise<WorstOrder[]> {
  const kinds = await acknowledged(run.historyFile);
  const token = createTokenSource(endpoints.identity, credentials);
  const found: WorstOrder[] = [];
  let before = [...kinds.keys()].sort().at(-1);
  for (let asked = 0; asked < mostPages && before !== undefined && found.length < kinds.size; asked += 1) {
    const url = `${endpoints.gateway}${listOrders.path}?limit=${page}&before=${asked === 0 ? successor(before) : before}`;
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${await token()}` },
      signal: AbortSignal.timeout(withinMs),
    });
    if (!response.ok) throw new AppError('unavailable', `the read model answered ${response.status}`);
    const { orders, hasMore } = listOrders.responses[200].parse(await response.json());
    for (const order of orders) {
      const kind = kinds.get(order.id);
      if (kind !== undefined) found.push({ kind, ...summary(order) });
    }
    before = hasMore ? orders.at(-1)?.id : undefined;
  }
  return found.sort((a, b) => badness(b) - badness(a)).slice(0, most);
}

type Seen = Pick<OrderView, 'id' | 'status' | 'traceId' | 'createdAt' | 'finishedAt'>;

function summary({ id, status, traceId, createdAt, finishedAt }: Seen): Omit<WorstOrder, 'kind'> {
  const ended = finishedAt !== null && terminalStatuses.includes(status);
  return { orderId: id, traceId, status, tookMs: ended ? Date.parse(finishedAt) - Date.parse(createdAt) : null };
}

const badness = ({ tookMs }: WorstOrder) => tookMs ?? Number.POSITIVE_INFINITY;

/** Acknowledged orders with what they were made to run into. */
async function acknowledged(historyFile: string): Promise<Map<string, string>> {
  const kindOf = new Map<number, string>();
  const kinds = new Map<string, string>();
  for await (const text of createInterface({ input: createReadStream(historyFile) })) {
    const line = HistoryLine.safeParse(JSON.parse(text)).data;
    if (line?.op !== 'place') continue;
    if (line.type === 'invoke') kindOf.set(line.n, line.kind);
    if (line.type === 'ok') kinds.set(line.orderId, kindOf.get(line.n) ?? 'happy');
  }
  return kinds;
}
