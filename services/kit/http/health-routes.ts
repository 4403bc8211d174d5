import type { FastifyInstance } from 'fastify';
import type { Service } from '../service.ts';
import { activeInstrumentations } from '../telemetry/instrument.ts';
import { traceHeaders, withoutTracing } from '../telemetry/spans.ts';

/** `/health/live`: the process runs. `/health/ready`: it can work, with each dependency and the telemetry self-check. */
export function addHealthRoutes(app: FastifyInstance, service: Service): void {
  app.get('/health/live', async () => ({
    status: 'ok',
    service: service.name,
    uptimeSeconds: Math.round(process.uptime()),
  }));
  app.get('/health/ready', async (_, reply) => {
    const report = await withoutTracing(() => service.health.report());
    const body = {
      status: report.ready ? 'ok' : 'unavailable',
      service: service.name,
      checks: report.checks,
      telemetry: service.selfCheck.report(),
    };
    return reply.code(report.ready ? 200 : 503).send(body);
  });
}

/** Calls ourselves through the whole server, traced. Where undici is instrumented it carries the context by itself. */
export async function probeSelf(host: string, port: number, signal: AbortSignal): Promise<void> {
  const context = activeInstrumentations().includes('undici') ? {} : traceHeaders();
  const answer = await fetch(`http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/health/live`, {
    headers: { ...context, 'x-orrery-self-check': '1' },
    signal,
  });
  await answer.arrayBuffer();
}
