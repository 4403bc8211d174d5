import { Command, InvalidArgumentError, Option } from 'commander';
import { PaymentMethod, SagaStyle } from '#contracts/http/orders.ts';
import { customers } from '#contracts/seed/customers.ts';
import { currentState, requireRunning } from './control-client.ts';
import { positiveNumber, wholeNumber } from './options.ts';
import { createGatewayClient } from './orders/gateway-client.ts';
import { type OrderDraft, type Preset, presets } from './orders/make-order.ts';
import { followOrders, placeOrders } from './orders/place-orders.ts';
import { type Percentiles, type Summary, summarise } from './orders/summary.ts';

type Options = {
  count: number;
  rate: number;
  wait?: boolean;
  timeout: number;
  preset?: Preset;
  item?: OrderDraft['items'];
  customer?: string;
  payment?: PaymentMethod['token'];
  saga?: SagaStyle;
  payWithin?: number;
  json?: boolean;
};

export function orderCommand(): Command {
  return new Command('order')
    .description('place orders through the gateway; fails when an acknowledged order does not end')
    .option('-c, --count <n>', 'how many', wholeNumber(1, 100_000), 1)
    .option('-r, --rate <per second>', 'how many a second', positiveNumber(10_000), 20)
    .option('-w, --wait', 'wait until each is confirmed or cancelled')
    .option(
      '--timeout <seconds>',
      'how long to try each again, and with --wait, how long to wait after the last',
      positiveNumber(3_600),
      60,
    )
    .addOption(new Option('--preset <preset>', 'what goes wrong on purpose').choices(presets))
    .addOption(
      new Option('-i, --item <sku:qty>', 'a line of the order, repeatable; without one it is made up')
        .argParser(addItem)
        .conflicts('preset'),
    )
    .option('--customer <id>', 'with --item: who orders; the first demo customer if not given')
    .addOption(
      new Option('--payment <token>', 'with --item: how it is paid').choices(PaymentMethod.shape.token.options),
    )
    .addOption(new Option('--saga <style>', 'who decides what comes next').choices(SagaStyle.options))
    .option('--pay-within <ms>', 'an order that is not paid by then is cancelled', wholeNumber(500, 600_000))
    .option('--json', 'print the outcome as JSON')
    .action(order);
}

/** The order that the options spell out; null when it is to be made up. The gateway judges it. */
function orderOf({ item, customer, payment }: Options): OrderDraft | null {
  if (item === undefined) return null;
  return { customerId: customer ?? customers[0]?.id ?? '', items: item, payment: { token: payment ?? 'tok_visa' } };
}

function addItem(text: string, items: OrderDraft['items'] = []): OrderDraft['items'] {
  const [, sku, qty = '1'] = /^([^:]+?)(?::(-?\d+))?$/.exec(text) ?? [];
  if (sku === undefined) throw new InvalidArgumentError('It must be an SKU with a quantity, e.g. LAMP-001:2.');
  return [...items, { sku, qty: Number(qty) }];
}

async function order(options: Options): Promise<void> {
  const running = await requireRunning();
  const { endpoints } = await currentState(running);
  const client = createGatewayClient(endpoints, { id: 'cli', secret: running.launch.cliClientSecret });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const outcomes = await placeOrders(client, {
    count: options.count,
    ratePerSecond: options.rate,
    preset: options.preset ?? null,
    order: orderOf(options),
    every: {
      ...(options.saga === undefined ? {} : { sagaStyle: options.saga }),
      ...(options.payWithin === undefined ? {} : { paymentTimeoutMs: options.payWithin }),
    },
    retryMs: options.timeout * 1_000,
    signal: interrupted.signal,
  });
  if (options.wait) {
    await followOrders(client, outcomes, { timeoutMs: options.timeout * 1_000, signal: interrupted.signal });
  }
  const summary = summarise(outcomes);
  if (options.json) console.log(JSON.stringify(summary, null, 2));
  else print(summary, options.wait === true);
  if (summary.refused > 0 || (options.wait && summary.open.length > 0)) process.exitCode = 1;
}

function print(summary: Summary, waited: boolean): void {
  for (const { id, status, cancelReason, error } of summary.orders.slice(0, 20)) {
    console.log(`${id ?? '–'}  ${status}${cancelReason ? ` (${cancelReason})` : ''}${error ? `: ${error}` : ''}`);
  }
  if (summary.orders.length > 20) console.log(`… and ${summary.orders.length - 20} more`);
  const states = Object.entries(summary.byStatus).map(([status, count]) => `${count} ${status}`);
  console.log(`\n${summary.acknowledged} of ${summary.requested} acknowledged: ${states.join(', ')}`);
  console.log(`accepted after ${spread(summary.acceptedMs)}`);
  if (!waited) return;
  console.log(`ended after ${spread(summary.finishedMs)}`);
  if (summary.open.length > 0)
    console.error(`${summary.open.length} not ended in time: ${summary.open.slice(0, 5).join(', ')}`);
}

function spread({ p50, p95, max }: Percentiles): string {
  return p50 === null ? 'no time known' : `p50 ${p50} ms, p95 ${p95} ms, max ${max} ms`;
}
