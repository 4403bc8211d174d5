import { Command } from 'commander';
import { AppError } from '#contracts/errors.ts';
import { TraceId } from '#contracts/ids.ts';
import { touchedBy } from '#contracts/telemetry/injected.ts';
import { type Span, Trace } from '#contracts/telemetry/query.ts';
import { requireRunning } from './control-client.ts';
import { columns, nanoseconds } from './table.ts';
import { askTelemetry } from './telemetry-client.ts';
import { orderSpans } from './trace-tree.ts';

export function traceCommand(): Command {
  return new Command('trace')
    .description('one trace as a waterfall')
    .argument('<id>', 'trace id, 32 hex digits')
    .option('--json', 'print the trace as JSON')
    .action(trace);
}

async function trace(id: string, { json }: { json?: boolean }): Promise<void> {
  const traceId = TraceId.safeParse(id.toLowerCase());
  if (!traceId.success) throw new AppError('invalid_argument', `"${id}" is no trace id: it has 32 hex digits`);
  const found = await askTelemetry(await requireRunning(), `/api/traces/${traceId.data}`, Trace);
  if (json) {
    console.log(JSON.stringify(found, null, 2));
    return;
  }
  const { summary } = found;
  const start = BigInt(summary.startUnixNano);
  const rows = orderSpans(found.spans).map(({ span, depth }) => [
    nanoseconds(Number(BigInt(span.startUnixNano) - start)),
    nanoseconds(span.durationNano),
    span.service,
    `${bar(span, start, summary.durationNano)} ${'  '.repeat(depth)}${span.name}${span.status === 'error' ? '  ERROR' : ''}${faultText(span)}`,
  ]);
  console.log(columns([['at', 'duration', 'process', 'span'], ...rows], [0, 1]));
  const injected = summary.injectedCount === 0 ? '' : ` (${summary.injectedCount} injected)`;
  console.log(
    `\n${summary.spanCount} spans, ${nanoseconds(summary.durationNano)}, ${summary.errorCount} errors${injected}.`,
  );
  if (summary.faults.length > 0) console.log(`Touched by ${summary.faults.map(({ kind }) => kind).join(', ')}.`);
}

function faultText({ attributes }: Span): string {
  const fault = touchedBy(attributes);
  return fault === null ? '' : `  [${fault.kind}]`;
}

const width = 24;

/** Where in the trace a span lies, as 24 characters. */
function bar(span: Span, start: bigint, totalNano: number): string {
  const scale = width / Math.max(1, totalNano);
  const from = Math.min(width - 1, Math.floor(Number(BigInt(span.startUnixNano) - start) * scale));
  const length = Math.min(width - from, Math.max(1, Math.round(span.durationNano * scale)));
  return `${' '.repeat(from)}${'━'.repeat(length)}`.padEnd(width);
}
