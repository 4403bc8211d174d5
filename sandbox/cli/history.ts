import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { ReadModel, Rebuild } from '#contracts/http/history.ts';
import { currentState, requireRunning } from './control-client.ts';
import { createGatewayClient, type GatewayClient } from './orders/gateway-client.ts';
import { duration } from './table.ts';

export function historyCommand(): Command {
  const json = ['--json', 'print as JSON'] as const;
  const status = new Command('status')
    .description('orders in the read model, how far it is behind, and its last rebuild')
    .option(...json)
    .action(async (options: { json?: boolean }) => {
      const model = await (await gatewayClient()).readModel();
      if (options.json) console.log(JSON.stringify(model, null, 2));
      else printModel(model);
    });
  const rebuild = new Command('rebuild')
    .description('build the read model anew from the topics; it is read and written meanwhile')
    .option(...json)
    .action(rebuildHistory);
  return new Command('history')
    .description('the read model: how far it is, and its rebuild from events')
    .addCommand(status, { isDefault: true })
    .addCommand(rebuild);
}

async function rebuildHistory({ json }: { json?: boolean }): Promise<void> {
  const client = await gatewayClient();
  await client.rebuild();
  const rebuild = await follow(client, json === true || !process.stderr.isTTY ? () => {} : showProgress);
  if (json) console.log(JSON.stringify(rebuild, null, 2));
  else printRebuild(rebuild);
  if (rebuild.phase !== 'done') process.exitCode = 1;
}

/** Until the rebuild is over. An answer that does not come is asked for again: history may be restarted meanwhile. */
async function follow(client: GatewayClient, show: (rebuild: Rebuild) => void): Promise<Rebuild> {
  for (let failures = 0; ; ) {
    const { rebuild } = await client.readModel().catch((error: unknown) => {
      failures += 1;
      if (failures > 20) throw error;
      return { rebuild: undefined };
    });
    if (rebuild === null) throw new Error('history was restarted: its rebuild has ended without a change');
    if (rebuild !== undefined) {
      show(rebuild);
      if (rebuild.endedAt !== null) return rebuild;
    }
    await delay(200);
  }
}

function showProgress({ phase, read, of, endedAt }: Rebuild): void {
  const line = phase === 'reading' ? `reading ${read} of ${of} messages` : phase;
  process.stderr.write(endedAt === null ? `\r\x1b[2K${line}` : '\r\x1b[2K');
}

function printModel({ orders, lag, rebuild }: ReadModel): void {
  console.log(`${orders} orders, ${lag === null ? 'how far behind is not known' : `${lag} messages behind`}`);
  if (rebuild !== null) printRebuild(rebuild);
}

function printRebuild(rebuild: Rebuild): void {
  const { phase, startedAt, endedAt, read, of, unreadable, kept, restored, changedViews, swapMs, problem } = rebuild;
  const tookMs = Date.parse(endedAt ?? new Date().toISOString()) - Date.parse(startedAt);
  console.log(`rebuild ${phase} after ${duration(tookMs)}: ${read} of ${of} messages read, ${unreadable} unreadable`);
  if (problem !== null) console.error(problem);
  if (phase !== 'done') return;
  console.log(
    `${changedViews} orders look otherwise, ${restored} events had been lost, ${kept} were kept that no topic holds`,
  );
  console.log(`reads waited ${swapMs} ms for the swap`);
}

async function gatewayClient(): Promise<GatewayClient> {
  const running = await requireRunning();
  const { endpoints } = await currentState(running);
  return createGatewayClient(endpoints, { id: 'cli', secret: running.launch.cliClientSecret });
}
