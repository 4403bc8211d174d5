import { styleText } from 'node:util';
import { Command } from 'commander';
import { AppError, Problem } from '#contracts/errors.ts';
import { AuditBoard, FinalAudit, type TimelineFact, type Verdict } from '#contracts/sandbox/audit.ts';
import { currentState, type Running, requireRunning } from './control-client.ts';
import { wholeNumber } from './options.ts';
import { columns } from './table.ts';

const pollMs = 500;

export function auditCommand(): Command {
  return new Command('audit')
    .description('what the auditor has found: every invariant with its evidence')
    .option('--final', 'wait until nothing moves any more, then check strictly')
    .option('--timeout <seconds>', 'how long --final waits for that', wholeNumber(1, 600), 120)
    .option('--json', 'print the verdicts as JSON')
    .addHelpText('after', '\nExit code 1 when a safety invariant is invalid; with --final, when any invariant is.')
    .action(async ({ final, timeout, json }: { final?: boolean; timeout: number; json?: boolean }) => {
      const running = await requireRunning();
      const audit = final ? await runFinal(running, timeout * 1_000, json === true) : null;
      const board = audit === null ? AuditBoard.parse(await ask(running, '/v1/verdicts')) : null;
      const verdicts = audit?.verdicts ?? board?.verdicts ?? [];
      if (json) console.log(JSON.stringify(audit ?? board, null, 2));
      else print(verdicts, board);
      const given = audit?.phases.filter(({ state }) => state === 'given-up') ?? [];
      if (!json) for (const { name, detail } of given) console.log(`${name} was given up: ${detail}`);
      const broken = verdicts.filter(({ state, kind }) => state === 'invalid' && (final || kind === 'safety'));
      if (broken.length > 0) process.exitCode = 1;
    });
}

async function runFinal(running: Running, timeoutMs: number, quiet: boolean): Promise<FinalAudit> {
  let audit = FinalAudit.parse(await ask(running, '/v1/final', { timeoutMs }));
  let told = '';
  const deadline = Date.now() + timeoutMs + 120_000;
  while (audit.state === 'running' && Date.now() < deadline) {
    const phase = audit.phases.find(({ state }) => state === 'running');
    const line = phase ? `${phase.name}${phase.detail ? `: ${phase.detail}` : ''}` : '';
    if (!quiet && line !== told && line !== '') console.error(line);
    told = line;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    audit = FinalAudit.parse(await ask(running, '/v1/final'));
  }
  if (audit.state === 'done') return audit;
  throw new AppError('unavailable', `the final audit did not end: ${audit.problem ?? 'it still runs'}`);
}

/** GET, or POST with a body. Throws what the auditor answered, or `unavailable`. */
async function ask(running: Running, path: string, body?: unknown): Promise<unknown> {
  const { endpoints } = await currentState(running);
  const response = await fetch(`${endpoints.auditor}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${running.launch.auditorToken}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw new AppError('unavailable', `the auditor at ${endpoints.auditor} does not answer`, { cause });
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const problem = Problem.parse(answer);
  throw new AppError(problem.code, problem.detail);
}

const marks = { valid: 'green', invalid: 'red', unknown: 'yellow' } as const;

function print(verdicts: readonly Verdict[], board: AuditBoard | null): void {
  const rows = verdicts.map(({ id, state, name, evidence, why, violations }) => [
    id,
    state,
    name,
    state === 'invalid'
      ? `${violations} ${violations === 1 ? 'violation' : 'violations'}`
      : (why ?? evidence.map(({ count, of }) => `${count} ${of}`).join(', ')),
  ]);
  const [title = '', ...lines] = columns([['', 'verdict', 'invariant', 'evidence'], ...rows]).split('\n');
  console.log(title);
  for (const [index, line] of lines.entries()) {
    const state = verdicts[index]?.state ?? 'unknown';
    console.log(line.replace(` ${state} `, ` ${styleText(marks[state], state, { stream: process.stdout })} `));
  }
  for (const { id, name, counterexample } of verdicts) {
    if (counterexample === null) continue;
    console.log(`\n${id} ${name} is broken by ${counterexample.subject}`);
    console.log(`  ${counterexample.problem}`);
    for (const fact of counterexample.timeline) console.log(`  ${factLine(fact)}`);
  }
  if (board !== null) {
    const { audited, waiting, messages } = board.coverage;
    console.log(`\n${audited} orders audited, ${waiting} wait, ${messages} messages read.`);
    if (board.calmSince === null) console.log('Not every process runs: liveness waits.');
  }
}

function factLine({ at, source, what, position }: TimelineFact): string {
  const place = position === null ? '' : `  ${position.topic}/${position.partition}/${position.offset}`;
  return `${(at ?? '').padEnd(24)}  ${source.padEnd(26)}  ${what}${place}`;
}
