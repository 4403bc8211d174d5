import { randomUUID } from 'node:crypto';
import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** An order's trace as the fleet makes it: 25 spans over nine services, made with the real SDK at a chosen time. */
export function orderTrace(startMs: number, index: number): { orderId: string; spans: ReadableSpan[] } {
  const orderId = randomUUID();
  const failed = index % 40 === 0;
  const spans: ReadableSpan[] = [];
  let atMs = startMs;
  const add = (service: string, name: string, kind: SpanKind, attributes: Attributes, parent: ReadableSpan | null) => {
    const active = parent === null ? context.active() : trace.setSpanContext(context.active(), parent.spanContext());
    const span = tracerOf(service).startSpan(name, { kind, attributes, startTime: atMs }, active);
    if (failed && name === 'POST /charges') span.setStatus({ code: SpanStatusCode.ERROR, message: 'card declined' });
    atMs += 2;
    span.end(atMs + (index % 100));
    const readable = span as unknown as ReadableSpan;
    spans.push(readable);
    return readable;
  };
  const root = add('gateway', 'POST /orders', SpanKind.SERVER, http('POST', '/orders', 202), null);
  let parent = add(
    'orders',
    'POST /orders',
    SpanKind.SERVER,
    { ...http('POST', '/orders', 202), 'orrery.order.id': orderId },
    root,
  );
  for (const [step, service] of steps.entries()) {
    for (const statement of statements)
      add(service, `pg.query:${statement.split(' ')[0]}`, SpanKind.CLIENT, sql(service, statement), parent);
    const sent = add(service, `send ${service}.events`, SpanKind.PRODUCER, message(service, orderId, index), parent);
    const next = steps[step + 1] ?? 'history';
    parent = add(
      next,
      `process ${service}.events`,
      SpanKind.CONSUMER,
      { ...message(service, orderId, index), 'messaging.consumer.group.name': next },
      sent,
    );
  }
  add('payments', 'POST /charges', SpanKind.SERVER, http('POST', '/charges', failed ? 502 : 200), parent);
  add('inference', 'POST /scores', SpanKind.SERVER, http('POST', '/scores', 200), parent);
  add(
    'pricing',
    'orrery.pricing.v1.Pricing/Quote',
    SpanKind.SERVER,
    {
      'rpc.system': 'grpc',
      'rpc.service': 'orrery.pricing.v1.Pricing',
      'rpc.method': 'Quote',
      'rpc.grpc.status_code': 0,
    },
    parent,
  );
  return { orderId, spans };
}

const steps = ['orders', 'inventory', 'billing', 'workers'];
const statements = [
  'insert into inbox (consumer, message_id) values ($1, $2) on conflict do nothing',
  'update reservations set status = $1, updated_at = now() where order_id = $2 and sku = $3 returning id',
  'insert into outbox (id, topic, key, payload, headers) values ($1, $2, $3, $4, $5)',
];
const providers = new Map<string, BasicTracerProvider>();

function tracerOf(service: string) {
  let provider = providers.get(service);
  if (provider === undefined) {
    provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.name': service,
        'service.version': '0.1.0',
        'service.instance.id': `${service}-1`,
        'deployment.environment.name': 'local',
      }),
    });
    providers.set(service, provider);
  }
  return provider.getTracer('bench');
}

function http(method: string, route: string, status: number): Attributes {
  return {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'url.path': route,
    'url.scheme': 'http',
    'server.address': '127.0.0.1',
    'server.port': 8101,
    'network.peer.port': 30_000 + Math.floor(Math.random() * 20_000),
    'user_agent.original': 'undici',
  };
}

function sql(service: string, statement: string): Attributes {
  return {
    'db.system.name': 'postgresql',
    'db.namespace': service,
    'db.query.text': statement,
    'server.address': '127.0.0.1',
    'server.port': 5432,
  };
}

function message(service: string, orderId: string, index: number): Attributes {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': `${service}.events`,
    'messaging.destination.partition.id': String(index % 6),
    'messaging.kafka.offset': index,
    'messaging.kafka.message.key': orderId,
    'messaging.message.id': randomUUID(),
    'orrery.order.id': orderId,
    'orrery.event.name': 'order.created',
  };
}
