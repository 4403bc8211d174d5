import { Command, InvalidArgumentError } from 'commander';
import { AppError, isAppError } from '#contracts/errors.ts';
import { ChaosState, FaultDescription, FaultRun } from '#contracts/sandbox/chaos.ts';
import { defaultTtlMs, isActive, leastTtlMs, mostTtlMs } from '#contracts/sandbox/chaos-limits.ts';
import { experimentsCommand, runCommand } from './chaos-run.ts';
import { callControl, requireRunning } from './control-client.ts';
import { duration as parseDuration } from './options.ts';
import { columns, duration } from './table.ts';

export function chaosCommand(): Command {
  return new Command('chaos')
    .description('break something on purpose, for a limited time, and see it end')
    .addHelpText(
      'after',
      `
Exit code 0: done. 1: it cannot be done now, e.g. nothing is running, another fault is on the target, all faults are stopped.
2: the command line is wrong, e.g. there is no such fault, target or id, or a value is outside its limits. run has 3 as well.`,
    )
    .addCommand(listCommand())
    .addCommand(injectCommand())
    .addCommand(runCommand())
    .addCommand(experimentsCommand())
    .addCommand(stopCommand())
    .addCommand(stopAllCommand())
    .addCommand(releaseCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('faults that there are, with targets and parameters, and those that are on')
    .argument('[fault]', 'only this one, with all its targets')
    .option('--json', 'print as JSON')
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      const running = await requireRunning();
      const all = FaultDescription.array().parse(await callControl(running, '/v1/chaos/catalogue'));
      const state = ChaosState.parse(await callControl(running, '/v1/chaos'));
      const catalogue = name === undefined ? all : all.filter((fault) => fault.name === name);
      if (name !== undefined && catalogue.length === 0) {
        throw new AppError(
          'invalid_argument',
          `there is no fault "${name}"; there are ${all.map((fault) => fault.name).join(', ')}`,
        );
      }
      if (json) console.log(JSON.stringify({ catalogue, ...state }, null, 2));
      else if (name === undefined) printCatalogue(catalogue, state);
      else for (const fault of catalogue) printFault(fault);
    });
}

type InjectOptions = { ttl: number; seed: string; set: Record<string, number | string>; json?: boolean };

function injectCommand(): Command {
  return new Command('inject')
    .description('arm a fault; it ends by itself')
    .argument('<fault>', 'a name from `orrery chaos list`')
    .argument('<target>', 'a process, or an edge such as gateway-orders-http')
    .option('--set <name=value>', 'a parameter; may be repeated', parameter, {})
    .option(
      '--ttl <time>',
      'how long at most, e.g. 30s or 5m',
      parseDuration(mostTtlMs / 1_000, leastTtlMs / 1_000),
      defaultTtlMs / 1_000,
    )
    .option('--seed <text>', 'same seed, same decisions', 'orrery')
    .option('--json', 'print as JSON')
    .action(async (fault: string, target: string, { ttl, seed, set, json }: InjectOptions) => {
      const order = { fault, target, parameters: set, ttlMs: Math.round(ttl * 1_000), seed };
      const running = await requireRunning();
      const run = FaultRun.parse(
        await callControl(running, '/v1/chaos/faults', { method: 'POST', body: order }).catch(misnamed),
      );
      if (json) console.log(JSON.stringify(run, null, 2));
      else console.log(`${run.id}  ${run.title} on ${run.target}, ends by itself within ${duration(run.ttlMs)}`);
    });
}

function stopCommand(): Command {
  return new Command('stop')
    .description('revert a fault now')
    .argument('<id>', 'as `chaos inject` and `chaos list` print it')
    .action(async (id: string) => {
      const path = `/v1/chaos/faults/${encodeURIComponent(id)}`;
      const run = FaultRun.parse(await callControl(await requireRunning(), path, { method: 'DELETE' }).catch(misnamed));
      console.log(`${run.title} on ${run.target} is being reverted.`);
    });
}

function stopAllCommand(): Command {
  return new Command('stop-all')
    .description('revert every fault and let none be armed until `orrery chaos release`')
    .option('--reason <text>', 'why, for those who wonder', 'stopped by hand')
    .action(async ({ reason }: { reason: string }) => {
      const running = await requireRunning();
      const answer = await callControl(running, '/v1/chaos/stop-all', { method: 'POST', body: { reason } });
      const on = ChaosState.parse(answer).faults.filter(isActive).length;
      console.log(`${on} faults are being reverted; none can be armed until \`orrery chaos release\`.`);
    });
}

function releaseCommand(): Command {
  return new Command('release').description('let faults be armed again after a stop-all').action(async () => {
    await callControl(await requireRunning(), '/v1/chaos/release', { method: 'POST' });
    console.log('Faults can be armed again.');
  });
}

/** A name that the engine does not know was typed wrong: that is wrong usage, as it is for every other argument. */
function misnamed(error: unknown): never {
  if (isAppError(error, 'not_found')) throw new AppError('invalid_argument', error.message, { cause: error });
  throw error;
}

/** `name=value`; a value that is a number is one. */
function parameter(text: string, before: Record<string, number | string>): Record<string, number | string> {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be name=value.');
  return { ...before, [name]: Number.isFinite(Number(value)) ? Number(value) : value };
}

function printCatalogue(catalogue: readonly FaultDescription[], { stopped, faults }: ChaosState): void {
  const rows = catalogue.map(({ name, code, title, parameters, targets }) => [
    name,
    code,
    title,
    targets.length === 1 ? (targets[0]?.id ?? '') : `${targets.length} targets`,
    parameters.map((known) => `${known.name}=${known.default}`).join(' '),
  ]);
  console.log(columns([['fault', 'no', 'what', 'where', 'parameters'], ...rows]));
  if (stopped !== null)
    console.log(`\nAll faults are stopped (${stopped.reason}); \`orrery chaos release\` lets them go on.`);
  const on = faults.filter(isActive);
  if (on.length === 0) return;
  const lines = on.map((run) => [
    run.id,
    run.title,
    run.target,
    run.state,
    String(run.hits),
    run.expiresAt.slice(11, 19),
  ]);
  console.log(`\n${columns([['on now', 'fault', 'target', 'state', 'hits', 'until (UTC)'], ...lines], [4])}`);
}

function printFault(fault: FaultDescription): void {
  const { name, code, title, mechanism, expect, threatens, parameters, targets, here } = fault;
  console.log(
    `${name}  ${code}  ${title}\n\n${mechanism}\nExpect: ${expect}\nMust hold: ${threatens.join(', ')}${here === undefined ? '' : `\nHere: ${here}`}`,
  );
  for (const { name, description, type, default: fallback, minimum, maximum, choices } of parameters) {
    const limits = type === 'choice' ? choices.join(' | ') : type === 'text' ? '' : `${minimum} to ${maximum}`;
    console.log(`\n  --set ${name}=${fallback}  ${limits}\n      ${description}`);
  }
  const rows = targets.map(({ id, touches, defaults = {} }) => {
    const set = Object.entries(defaults).map(([name, value]) => `, unless told otherwise ${name}=${value}`);
    return `  ${id}  touches ${touches.join(', ')}${set.join('')}`;
  });
  console.log(`\nTargets:\n${rows.join('\n')}`);
}
