/** What a person sees of a load run: one line that changes while it goes, a table at the end. */
import type { LoadLatency, LoadRun } from '#contracts/sandbox/load.ts';
import { columns, duration } from './table.ts';

export type LoadProgress = { show(run: LoadRun): void; notice(message: string): void; end(): void };

/** Where there is no terminal, a line every this often instead of one that changes. */
const lineEveryMs = 5_000;

/** Goes to stderr, so that stdout holds the outcome alone. */
export function createLoadProgress(quiet: boolean): LoadProgress {
  const { stderr } = process;
  let shownAt = 0;
  const clear = () => void (stderr.isTTY && stderr.write('\r\x1b[2K'));
  return {
    show(run) {
      if (quiet) return;
      if (stderr.isTTY) stderr.write(`\r\x1b[2K${progressLine(run).slice(0, stderr.columns)}`);
      else if (performance.now() - shownAt >= lineEveryMs) {
        shownAt = performance.now();
        stderr.write(`${progressLine(run)}\n`);
      }
    },
    notice(message) {
      if (quiet) return;
      clear();
      stderr.write(`${message}\n`);
    },
    end: clear,
  };
}

function progressLine(run: LoadRun): string {
  const seconds = Math.floor((Date.now() - Date.parse(run.startedAt)) / 1_000);
  const refused = run.fail > 0 ? ` · ${run.fail} failed` : '';
  const unknown = run.info > 0 ? ` · ${run.info} unknown` : '';
  const p95 = run.accepted.p95 === null ? '' : ` · accepted p95 ${duration(run.accepted.p95)}`;
  const saga = run.saga.p95 === null ? '' : ` · saga p95 ${duration(run.saga.p95)}`;
  return `${seconds} s · ${run.phase} · ${run.ratePerSecond}/s · ${run.ok} of ${run.due} accepted${refused}${unknown} · ${run.open} open${p95}${saga}`;
}

/** `where` follows the name of the history. */
export function printLoadReport(run: LoadRun, where = ''): void {
  const { due, ok, fail, info, confirmed, cancelled, open, lostCount } = run;
  console.log(`run ${run.run} ${run.phase}${run.problem === null ? '' : `: ${run.problem}`}\n`);
  console.log(`${due} due: ${ok} acknowledged, ${fail} failed, ${info} unknown (no answer, or a 5xx)`);
  for (const [error, count] of Object.entries(run.errors)) console.log(`  ${count} × ${error}`);
  console.log(`${ok} acknowledged: ${confirmed} confirmed, ${cancelled} cancelled, ${open} not ended\n`);
  const { cancellations: asked } = run;
  if (asked.ok + asked.fail + asked.info > 0) {
    console.log(`cancellations: ${asked.ok} accepted, ${asked.fail} too late, ${asked.info} unknown\n`);
  }
  const row = (name: string, { p50, p90, p95, p99, max }: LoadLatency) => [name, ...[p50, p90, p95, p99, max].map(ms)];
  console.log(
    columns(
      [
        ['from when it was due', 'p50', 'p90', 'p95', 'p99', 'max'],
        row('accepted', run.accepted),
        row('saga ended', run.saga),
        row('sent', run.lateness),
      ],
      [1, 2, 3, 4, 5],
    ),
  );
  console.log(`\nhistory  ${run.historyFile}${where}`);
  if (lostCount > 0)
    console.error(`\nLOST: ${lostCount} acknowledged and not ended in time: ${run.lost.slice(0, 5).join(', ')}`);
}

function ms(value: number | null): string {
  if (value === null) return '–';
  return value < 10 ? `${value.toFixed(1)} ms` : duration(value);
}
