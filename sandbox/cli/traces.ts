import { Command } from 'commander';
import { type Condition, TraceSearchResult, type TraceSummary } from '#contracts/telemetry/query.ts';
import { requireRunning } from './control-client.ts';
import { wholeNumber } from './options.ts';
import { columns, nanoseconds } from './table.ts';
import { askTelemetry } from './telemetry-client.ts';

type Options = { lines: number; service?: string; errors?: boolean; slow?: boolean; minutes: number; json?: boolean };

export function tracesCommand(): Command {
  return new Command('traces')
    .description('the newest traces')
    .option('-n, --lines <n>', 'how many', wholeNumber(1, 500), 20)
    .option('-s, --service <name>', 'only those that this process took part in')
    .option('-e, --errors', 'only those with an error')
    .option('--slow', 'the slowest first')
    .option('--minutes <n>', 'how far back', wholeNumber(1, 10_000), 60)
    .option('--json', 'print the answer as JSON')
    .action(traces);
}

async function traces(options: Options): Promise<void> {
  const conditions: Condition[] = [
    ...(options.service ? [{ field: 'service', op: 'eq' as const, value: options.service }] : []),
    ...(options.errors ? [{ field: 'status', op: 'eq' as const, value: 'error' }] : []),
  ];
  const result = await askTelemetry(await requireRunning(), '/api/traces/search', TraceSearchResult, {
    range: { fromMs: Date.now() - options.minutes * 60_000, toMs: null },
    filter: { conditions, text: null },
    sort: options.slow ? 'duration' : 'start',
    limit: options.lines,
  });
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else if (result.traces.length === 0) console.log('No trace fits. `npm run orrery -- order` makes one.');
  else
    console.log(
      columns([['started', 'duration', 'spans', 'errors', 'trace', 'what'], ...result.traces.map(row)], [1, 2, 3]),
    );
}

function row(trace: TraceSummary): string[] {
  const started = new Date(Number(BigInt(trace.startUnixNano) / 1_000_000n)).toISOString().slice(11, 23);
  const what = `${trace.rootService} ${trace.rootName}${trace.orderId ? `  order ${trace.orderId}` : ''}`;
  return [
    started,
    nanoseconds(trace.durationNano),
    String(trace.spanCount),
    trace.injectedCount === 0 ? String(trace.errorCount) : `${trace.errorCount} (${trace.injectedCount} injected)`,
    trace.traceId,
    what,
  ];
}
