import { ChaosState, type FaultOrder, FaultRun, type FaultState } from '#contracts/sandbox/chaos.ts';
import type { Fleet } from './fleet.ts';
import { until } from './until.ts';

/** The chaos engine of a fleet. */
export type ChaosClient = {
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  state(): Promise<ChaosState>;
  inject(order: FaultOrder): Promise<FaultRun>;
  /** Waits until the fault is in that state; throws when its revert has failed. */
  becomes(id: string, state: FaultState): Promise<FaultRun>;
  /** Ends it and waits for the probe. */
  stop(id: string): Promise<FaultRun>;
};

export function openChaos(fleet: Fleet): ChaosClient {
  const request: ChaosClient['request'] = async (method, path, body) => {
    const response = await fetch(`${fleet.state().endpoints.control}/v1/chaos${path}`, {
      method,
      headers: { authorization: `Bearer ${fleet.secrets().controlToken}` },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, body: await response.json() };
  };
  const must = async (method: string, path: string, body?: unknown) => {
    const answer = await request(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const find = async (id: string) => FaultRun.parse(await must('GET', `/faults/${id}`));
  const becomes: ChaosClient['becomes'] = (id, wanted) =>
    until(
      `fault ${id} is ${wanted}`,
      async () => {
        const run = await find(id);
        if (run.state !== wanted) throw new Error(`${run.state}, ${run.hits} hits, ${run.reason ?? 'no reason'}`);
        return run;
      },
      { withinMs: 60_000 },
    );
  return {
    request,
    state: async () => ChaosState.parse(await must('GET', '')),
    inject: async (order) => FaultRun.parse(await must('POST', '/faults', order)),
    becomes,
    async stop(id) {
      await must('DELETE', `/faults/${id}`);
      return becomes(id, 'reverted');
    },
  };
}
