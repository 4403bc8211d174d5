import { ChaosState, type FaultRun } from '#contracts/sandbox/chaos.ts';
import { askJson } from './ask-json.ts';

/** What the chaos engine says that it has done. */
export type KnownFaults = {
  runs: readonly FaultRun[];
  /** It has forgotten faults that ended before this, epoch milliseconds; 0 while it has forgotten none. */
  sinceMs: number;
};

export type FaultSource = { known(): Promise<KnownFaults> };

/** Ended faults that the engine keeps (contracts/sandbox/chaos.ts). */
const kept = 100;

/** The supervisor's chaos engine as evidence. Throws `unavailable`. */
export function openFaults({ url, token }: { url: string; token: string }): FaultSource {
  return {
    async known() {
      const { faults: runs } = await askJson(ChaosState, { url: `${url}/v1/chaos`, token });
      const ended = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt)]));
      return { runs, sinceMs: ended.length < kept ? 0 : Math.min(...ended) };
    },
  };
}
