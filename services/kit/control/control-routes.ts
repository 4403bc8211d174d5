import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { AppError } from '#contracts/errors.ts';
import {
  FailpointName,
  FailpointOrder,
  PatternName,
  PatternSwitch,
  ReplayOrder,
} from '#contracts/sandbox/control-channel.ts';
import { AgentOrder } from '#contracts/sandbox/fault-agent.ts';
import { validate } from '../http/problem.ts';
import type { Service } from '../service.ts';

/**
 * `/control/v1/…` (contracts/sandbox/control-channel.ts): switches and failpoints of this process, for the supervisor.
 * Absent without AGENT_TOKEN; in production also without the second, explicit variable, so that no leaked token can
 * break a real system.
 */
export function addControlRoutes(app: FastifyInstance, service: Service): void {
  const { AGENT_TOKEN: token, NODE_ENV, ORRERY_CONTROL_CHANNEL } = service.env;
  if (token === undefined) return;
  if (NODE_ENV === 'production' && ORRERY_CONTROL_CHANNEL !== '1') {
    service.log.warn('control channel refused: NODE_ENV is production and ORRERY_CONTROL_CHANNEL is not 1');
    return;
  }
  const { patterns, failpoints, faults, parked } = service;
  app.register(
    async (channel) => {
      channel.addHook('onRequest', async (request) => assertToken(request.headers.authorization, token));
      channel.get('/patterns', () => patterns.list());
      channel.put('/patterns/:name', async ({ params, body }) => {
        const { enabled } = validate(PatternSwitch, body, 'body', 'unprocessable');
        return patterns.set(nameOf(PatternName, params, 'pattern'), enabled);
      });
      channel.get('/parked', () => parked.list());
      channel.post('/parked/replay', async ({ body }, reply) => {
        const sent = await parked.replay(validate(ReplayOrder, body, 'body', 'unprocessable'));
        return reply.code(202).send(sent);
      });
      channel.get('/failpoints', async () => failpoints.list());
      channel.put('/failpoints/:name', async ({ params, body }) => {
        const order = validate(FailpointOrder, body, 'body', 'unprocessable');
        return failpoints.arm(nameOf(FailpointName, params, 'failpoint'), order);
      });
      channel.delete('/failpoints/:name', async ({ params }) =>
        failpoints.disarm(nameOf(FailpointName, params, 'failpoint')),
      );
      channel.get('/faults', async () => faults.list());
      channel.put('/faults/:id', async ({ params, body }) => {
        const order = validate(AgentOrder, body, 'body', 'unprocessable');
        return faults.arm((params as { id: string }).id, order);
      });
      channel.delete('/faults/:id', async ({ params }) => ({ ended: faults.disarm((params as { id: string }).id) }));
    },
    { prefix: '/control/v1' },
  );
}

function assertToken(authorization: string | undefined, token: string): void {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token)))
    throw new AppError('unauthenticated', 'the control channel needs its own token');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function nameOf<T extends string>(names: z.ZodType<T>, params: unknown, what: string): T {
  const { name } = params as { name: string };
  const parsed = names.safeParse(name);
  if (!parsed.success) throw new AppError('not_found', `there is no ${what} "${name.slice(0, 50)}"`);
  return parsed.data;
}
