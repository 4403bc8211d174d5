import { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import { defineFault } from '../fault.ts';
import { onEdge } from '../footprints.ts';
import { edgeTargets } from '../targets.ts';

export const connectionRefused = defineFault({
  name: 'connection-refused',
  code: 'F-12',
  title: 'Connection refused',
  topic: 'network',
  mechanism: 'The proxy cuts the connections of the edge and no longer listens. Hits are the connections that it cut.',
  expect: 'ECONNREFUSED within milliseconds, a breaker that opens and fails fast.',
  threatens: ['R2'],
  parameters: z.strictObject({}),
  targets: edgeTargets,
  footprint: ({ target }, world) => onEdge(world, target, { effect: 'refuse' }),
  async inject({ id, target, ttlMs, world: { proxies } }) {
    const before = await proxies.read(target);
    if (!before.enabled) throw new AppError('conflict', `${target} is refused already, by somebody else`);
    try {
      await proxies.disable(target, ttlMs);
    } catch (error) {
      await proxies.enable(target).catch(() => {});
      throw error;
    }
    return {
      async hits() {
        const { enabled, cut } = await proxies.read(target);
        if (enabled) return null;
        return proxies.touched !== null ? proxies.touched(id) : cut - before.cut;
      },
      revert: () => proxies.enable(target),
      async verify() {
        const { enabled } = await proxies.read(target);
        if (!enabled) throw new AppError('conflict', `${target} does not listen`);
        await proxies.probe(target);
      },
    };
  },
});
