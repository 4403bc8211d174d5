import { AppError } from '#contracts/errors.ts';
import type { Injecting, Injection } from './fault.ts';
import type { ToxicOrder } from './world.ts';

export type ToxicPart = Pick<ToxicOrder, 'type' | 'stream' | 'attributes'> & { toxicity?: number };

/** Puts toxics on the edge that is the target. The proxy holds the lease if it can; the probe asks it and the address itself. */
export async function injectToxics(
  { id, target, ttlMs, seed, world: { proxies } }: Injecting<unknown>,
  parts: readonly ToxicPart[],
): Promise<Injection> {
  const names = parts.map(({ type, stream }) => `${id}-${type}-${stream}`);
  const revert = async () => {
    for (const name of names) await proxies.removeToxic(target, name);
  };
  try {
    for (const [index, part] of parts.entries()) {
      await proxies.addToxic(target, { toxicity: 1, ...part, name: names[index] ?? id, ttlMs, seed });
    }
  } catch (error) {
    await revert().catch(() => {});
    throw error;
  }
  const read = () => Promise.all(names.map((name) => proxies.readToxic(target, name)));
  return {
    async hits() {
      const known = await read();
      if (known.includes(null)) return null;
      return proxies.touched !== null ? proxies.touched(id) : known.reduce((sum, toxic) => sum + (toxic?.hits ?? 0), 0);
    },
    revert,
    async verify() {
      const left = (await read()).filter((toxic) => toxic !== null).length;
      if (left > 0) throw new AppError('conflict', `${left} toxics are still on ${target}`);
      await proxies.probe(target);
    },
  };
}
