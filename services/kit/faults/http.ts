import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#contracts/errors.ts';
import type { FaultAgent } from './agent.ts';

const errorOf = { 429: 'rate_limited', 500: 'internal', 503: 'unavailable' } as const;

/** Offers what can happen to requests and answers; `strikeRequest` is called where a request comes in. */
export function offerHttpFaults(app: FastifyInstance, faults: FaultAgent): void {
  const routes = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.add(`${one} ${url}`);
  });
  const knows = (only: string) => routes.has(only);
  faults.offer('http-error', { knows });
  faults.offer('http-delay', { knows });
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (!faults.isArmed()) {
      done(null, payload);
      return;
    }
    void delay(faults, request, 'after').then(() => done(null, payload));
  });
}

/** Throws or waits when the request is hit. */
export async function strikeRequest(faults: FaultAgent, request: FastifyRequest): Promise<void> {
  const struck = faults.strike('http-error', nameOf(request));
  if (struck !== null) {
    const { status } = struck.fault;
    throw new AppError(errorOf[status], `answered ${status} on purpose: a fault is on`, {
      retryAfterSeconds: status === '500' ? undefined : 1,
    });
  }
  await delay(faults, request, 'before');
}

async function delay(faults: FaultAgent, request: FastifyRequest, when: 'before' | 'after'): Promise<void> {
  // The answers to the supervisor pass here too.
  if (request.url.startsWith('/control/') || request.url.startsWith('/health/')) return;
  const struck = faults.strike('http-delay', nameOf(request), { fits: (fault) => fault.when === when });
  if (struck !== null) await sleep(struck.fault.delayMs, undefined, { signal: struck.signal }).catch(() => {});
}

function nameOf(request: FastifyRequest): string {
  return `${request.method} ${request.routeOptions.url}`;
}
