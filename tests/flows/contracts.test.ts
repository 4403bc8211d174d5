/**
 * What the exported contracts say against what the fleet does: requests of every kind to every operation, and whatever
 * lies on any topic, judged strictly (tests/support/traffic). What is expected to be seen and was not is a failure, too.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Payment } from '#contracts/http/billing.ts';
import type { ReadModel } from '#contracts/http/history.ts';
import type { OrderCreate } from '#contracts/http/orders.ts';
import { ParkedKey } from '#contracts/sandbox/control-channel.ts';
import { customers } from '#contracts/seed/customers.ts';
import { scarceSkus } from '#contracts/seed/products.ts';
import { exported, fileAt } from '#sandbox/exporters/testing/exported.ts';
import { openChaos } from '../support/chaos.ts';
import { clientToken } from '../support/shop.ts';
import { readGrpcContract } from '../support/traffic/judge-grpc.ts';
import { readHttpContracts } from '../support/traffic/judge-http.ts';
import { readMessageContracts } from '../support/traffic/judge-messages.ts';
import { recordHttp } from '../support/traffic/record-http.ts';
import { recordTopics } from '../support/traffic/record-topics.ts';
import { wrongRequests } from '../support/traffic/spread.ts';
import { until } from '../support/until.ts';
import { onFleet } from './fixture.ts';

const { fleet, shop, ledgers } = await onFleet();
const files = exported({}, ['contracts']);

/** Responses that nothing here brings about, and why not. */
const unprovoked: readonly [response: RegExp, reason: string][] = [
  [/ 500$/, 'a bug'],
  [/ 502$/, 'a service behind is broken'],
  [/ 503$/, 'a process stops, or has too much to do'],
  [/ 504$/, 'a service behind is late'],
  [/^(?!gateway GET \/products) ?.* 429$/, 'the bucket of one caller would be empty for the tests after this one'],
  [/ POST (\/orders|\/v1\/charges|\/v1\/refunds) 409$/, 'an answer that was stored has been lost'],
];

/** Messages that nothing here brings about, and why not. */
const unpublished: Readonly<Record<string, string>> = {
  'orders.events orderCompensationStuck': 'undoing must make no progress for minutes',
  'workers.events invoiceIssuedV1': 'this release writes 2.x only; judge-messages.test.ts has one',
};

/** Dead letters and retries of consumers that handle everything here; nobody fails for a reason of its own. */
const quiet = /^(?!inventory)\w+\.(dlq|retry) |\.retry\.\w+ setAside$/;

const everyKind = ordersOfEveryKind();
everyKind.catch(() => {});

test('what the services answer is what their OpenAPI documents say', async () => {
  const contracts = readHttpContracts(files);
  const token = await clientToken(fleet);
  const secrets = readFileSync(join(fleet.home, 'secrets.json'), 'utf8');
  const { paymentsApiKey } = JSON.parse(secrets) as { paymentsApiKey: string };
  const recorder = recordHttp(fleet, (service) => (service === 'payments' ? paymentsApiKey : token));
  const { ask } = recorder;
  const streams = [recorder.listen('gateway', '/stream'), recorder.listen('history', '/stream')];
  const key = () => ({ 'idempotency-key': randomUUID() });
  const customerId = customers[1]?.id;
  const order = { customerId, items: [{ sku: 'LAMP-001', qty: 1 }] };

  const placed = await Promise.all(
    ['gateway', 'orders'].map((service) => ask(service, 'POST', '/orders', { body: order, headers: key() })),
  );
  const [id, other] = placed.map(({ json }) => String(json.id)) as [string, string];
  await cancelledWhileCharged({}, (path) => ask('orders', 'POST', path));
  const undone = await cancelledWhileCharged({}, (path) => ask('gateway', 'POST', path));
  for (const one of [id, other]) await shop.finished(one);
  await until('the invoice is there', async () => ((await ledgers.invoices(id)) === 1 ? true : null));
  await until('orders has confirmed it', async () =>
    (await shop.request('GET', `/orders/${id}`)).body.status === 'confirmed' ? true : null,
  );

  const wrong = Map.groupBy(wrongRequests(), ({ service }) => service);
  await Promise.all(
    [...wrong.values()].map(async (requests) => {
      for (const { service, method, path, options } of requests) await ask(service, method, path, options);
    }),
  );
  await ask('gateway', 'GET', '/orderz');
  await ask('gateway', 'DELETE', '/orders');
  await ask('orders', 'PUT', `/orders/${id}`);

  const nobody = randomUUID();
  for (const service of ['gateway', 'orders']) {
    await ask(service, 'GET', `/orders/${id}`);
    await ask(service, 'GET', `/orders/${id}/saga`);
    await ask(service, 'POST', `/orders/${id}/cancel`);
    await until('the question is answered', async () =>
      (await ask(service, 'GET', `/orders/${id}/payment`)).status === 200 ? true : null,
    );
    for (const path of ['', '/saga', '/payment']) await ask(service, 'GET', `/orders/${nobody}${path}`);
    await ask(service, 'POST', `/orders/${nobody}/cancel`);
    await ask(service, 'POST', '/orders', { body: { ...order, items: [{ sku: 'NOPE-999', qty: 1 }] }, headers: key() });
  }
  for (const service of ['gateway', 'history']) {
    for (const path of ['/orders?limit=5', `/orders/${id}/timeline`, '/stats', '/sagas', '/sagas/stats', '/history'])
      await ask(service, 'GET', path);
    await ask(service, 'GET', `/orders/${nobody}/timeline`);
  }
  for (const service of ['gateway', 'inventory']) {
    await ask(service, 'POST', '/stock/LAMP-001/restock', { body: { qty: 1, reason: 'recorded traffic' } });
    await ask(service, 'POST', '/stock/NOPE-999/restock', { body: { qty: 1, reason: 'recorded traffic' } });
  }
  for (const service of ['gateway', 'inference']) {
    await ask(service, 'GET', '/search?q=lamp');
    await ask(service, 'GET', '/recommendations?skus=LAMP-001');
  }
  for (const service of ['gateway', 'workers']) {
    await ask(service, 'GET', `/invoices/${id}.pdf`);
    await ask(service, 'GET', `/invoices/${nobody}.pdf`);
    await ask(service, 'GET', `/mailbox?orderId=${id}`);
  }
  for (const service of ['gateway', 'billing']) await ask(service, 'GET', `/payments?orderId=${id}`);
  await ask('gateway', 'GET', '/products?skus=LAMP-001');
  await ask('inventory', 'GET', '/stock?skus=LAMP-001');
  await ask('pricing', 'GET', '/prices?skus=LAMP-001');
  const total = { amountMinor: 1_000, currency: 'EUR' };
  await ask('inference', 'POST', '/fraud/score', { body: { ...order, orderId: nobody, total } });
  await ask('identity', 'GET', '/keys');
  await ask('identity', 'POST', '/keys/rotate');

  // The provider, as billing asks it: with the same keys, so that it only answers again.
  await shop.finished(undone, 60_000);
  const refunded = await until('the refund is booked', async () => {
    const { body } = await shop.request('GET', `/payments?orderId=${undone}`);
    const [payment] = body.payments as Payment[];
    return payment?.status === 'refunded' ? payment : null;
  });
  const again = (what: string) => ({ headers: { 'idempotency-key': `orrery-${what}-${undone}` } });
  const { amount, chargeId } = refunded;
  const charge = { amount, payment: { token: 'tok_slow' }, reference: undone };
  await ask('payments', 'POST', '/v1/charges', { ...again('charge'), body: charge });
  await ask('payments', 'POST', '/v1/refunds', { ...again('refund'), body: { chargeId, amount } });
  await ask('payments', 'POST', '/v1/refunds', { headers: key(), body: { chargeId: 'ch_none', amount } });
  await ask('payments', 'GET', `/v1/charges?reference=${undone}`);

  for (const service of ['gateway', 'history']) {
    await until('one rebuild begins and keeps others from it', async () => {
      const answers = await Promise.all(Array.from({ length: 3 }, () => ask(service, 'POST', '/history/rebuild')));
      const statuses = answers.map(({ status }) => status);
      return statuses.includes(202) && statuses.includes(409) ? true : null;
    });
  }
  await until('it is rebuilt', async () => {
    const { rebuild } = (await shop.request('GET', '/history')).body as unknown as ReadModel;
    return rebuild?.phase === 'done' ? true : null;
  });
  await until('strangers are slowed down', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => ask('gateway', 'GET', '/products?skus=LAMP-001', { token: null })),
    );
    return answers.some(({ status }) => status === 429) ? true : null;
  });
  await Promise.all(streams);

  const verdicts = recorder.exchanges.map(contracts.judge);
  expect(verdicts.flatMap(({ findings }) => findings)).toEqual([]);
  const seen = new Set(verdicts.flatMap(({ response }) => response ?? []));
  const unseen = contracts.responses.filter((response) => !seen.has(response));
  const reasonOf = (response: string) => unprovoked.find(([pattern]) => pattern.test(response))?.[1];
  expect(unseen.filter((response) => reasonOf(response) === undefined)).toEqual([]);
  for (const [pattern] of unprovoked) expect(contracts.responses.some((response) => pattern.test(response))).toBe(true);
  const reasons = [...Map.groupBy(unseen, reasonOf)].map(([reason, { length }]) => `${length} (${reason})`);
  console.log(`${verdicts.length} answers were ${seen.size} of ${contracts.responses.length} documented responses`);
  console.log(`not provoked: ${reasons.join(', ')}`);
});

test('what lies on the topics is what the AsyncAPI documents say', async () => {
  const contracts = readMessageContracts(files);
  const chaos = openChaos(fleet);
  await everyKind;

  // Inventory cannot handle one message, and what follows it waits; billing has had nothing to charge by then.
  const parameters = { event: 'order.screened' };
  const { id } = await chaos.inject({ fault: 'poison-message', target: 'inventory', parameters, ttlMs: 60_000 });
  const stopped = await shop.placed();
  const parked = (messages: number) =>
    until(`${messages} messages are parked`, async () => {
      const list = ParkedKey.array().parse(await fleet.request('/v1/processes/inventory/parked'));
      return list.find((one) => one.key === stopped && one.messages >= messages) ?? null;
    });
  await parked(1);
  await shop.request('POST', `/orders/${stopped}/cancel`);
  const { consumer, key } = await parked(2);
  await chaos.stop(id);
  await fleet.request('/v1/processes/inventory/parked/replay', 'POST', { consumer, key });
  await shop.finished(stopped, 60_000);

  const expected = contracts.messages.filter((message) => !(message in unpublished) && !quiet.test(message));
  const { topics, records, verdicts } = await until(
    'everything expected is on its topic',
    async () => {
      const recorded = await recordTopics(fleet);
      const judged = recorded.records.map(contracts.judge);
      const seen = new Set(judged.flatMap(({ message }) => message ?? []));
      const missing = expected.filter((message) => !seen.has(message));
      const findings = judged.flatMap((verdict) => verdict.findings);
      if (missing.length > 0 && findings.length === 0) throw new Error(`never seen: ${missing.join(', ')}`);
      return { ...recorded, verdicts: judged };
    },
    { withinMs: 60_000, everyMs: 500 },
  );
  const findings = verdicts.flatMap((verdict) => verdict.findings);
  expect(findings.slice(0, 20), `${findings.length} findings`).toEqual([]);
  const documented = new Set(contracts.messages.map((message) => message.split(' ')[0]));
  expect(topics.filter((topic) => !documented.has(topic))).toEqual([]);
  for (const message of Object.keys(unpublished)) expect(contracts.messages).toContain(message);
  const seen = new Set(verdicts.flatMap(({ message }) => message ?? []));
  console.log(`${records.length} records were ${seen.size} of ${contracts.messages.length} documented messages`);
  console.log(`not published: ${contracts.messages.filter((message) => !seen.has(message)).join(', ')}`);
});

test('what pricing answers over gRPC is what the proto says', async () => {
  const contract = readGrpcContract(fileAt(files, 'contracts/grpc/pricing.proto'), 'orrery.pricing.v1.Pricing');
  const request = { customerId: customers[1]?.id, items: [{ sku: 'LAMP-001', qty: 2 }] };
  const answer = await contract.ask(fleet.state().endpoints.pricingGrpc, 'Quote', request);
  const { message, findings } = contract.judge('Quote', answer);
  expect(findings).toEqual([]);
  expect(message).toMatchObject({ lines: [{ sku: 'LAMP-001', qty: 2 }], signature: expect.any(String) });
});

/** Orders that are sold, declined, out of stock, cancelled and too late; some of them take five seconds. */
async function ordersOfEveryKind(): Promise<void> {
  const both = ['choreography', 'orchestration'] as const;
  await Promise.all([
    cancelledWhileCharged({ sagaStyle: 'orchestration' }, (path) => shop.request('POST', path)),
    shop.placed({ paymentTimeoutMs: 1_000, payment: { token: 'tok_slow' } }),
    ...both.flatMap((sagaStyle) => [
      shop.placed({ sagaStyle }),
      shop.placed({ sagaStyle, payment: { token: 'tok_declined' } }),
      shop.placed({ sagaStyle, items: [{ sku: scarceSkus.none[0], qty: 1 }] }),
    ]),
  ]);
}

/** Such an order gets its money back. Its card answers after four seconds; who is too late tries with another. */
function cancelledWhileCharged(
  order: Partial<OrderCreate>,
  cancel: (path: string) => Promise<{ status: number }>,
): Promise<string> {
  return until(
    'an order is cancelled while its card is being charged',
    async () => {
      const id = await shop.placed({ ...order, payment: { token: 'tok_slow' } });
      await until('its card is charged', async () => ((await ledgers.captures()).get(id) === 1 ? true : null));
      return (await cancel(`/orders/${id}/cancel`)).status === 202 ? id : null;
    },
    { withinMs: 90_000 },
  );
}
