/** A run as one HTML document that needs neither the console nor a network. Made of the run alone. */
import { Html, html } from '#contracts/html.ts';
import type { Verdict } from '#contracts/sandbox/audit.ts';
import { brokenIn, compareRuns, patternWords } from '#contracts/sandbox/experiment-comparison.ts';
import { offsetText, toleranceText } from '#contracts/sandbox/experiment-texts.ts';
import type { ExperimentRun, ProbeResult } from '#contracts/sandbox/experiments.ts';
import type { LoadLatency } from '#contracts/sandbox/load.ts';
import { burnRate } from '../burn.ts';
import { detectText, durationText, objectives, outcomeText, recoverText } from './facts.ts';
import { postmortem } from './postmortem.ts';
import { styleSheet } from './style.ts';
import { timeFigure } from './time-figure.ts';

/** Nothing may be fetched and nothing may run: the file is only what is in it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const outcomeColours = {
  passed: 'ok',
  lesson: 'fault',
  deviated: 'error',
  stopped: 'warn',
  'not-run': 'warn',
} as const;

/** `other` is the other half of a comparison, once it is there. */
export function reportHtml(run: ExperimentRun, other: ExperimentRun | null = null): string {
  const { experiment, outcome } = run;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${experiment.title}: ${outcomeText(run)}</title><style>${new Html(styleSheet)}</style></head>
<body>
<header><h1>${experiment.title}</h1>
<p><span class="outcome" style="--key:var(--${outcome === null ? 'info' : outcomeColours[outcome]})">${outcomeText(run)}</span></p>
<p>${experiment.description}</p>
<dl>${fact('Run', run.run)}${fact('Seed', String(run.seed))}${fact('Begun', run.startedAt)}${fact('Took', run.endedAt === null ? 'it goes on' : durationText(Date.parse(run.endedAt) - Date.parse(run.startedAt)))}${fact('Hits', String(run.faults.reduce((sum, { run: one }) => sum + (one?.hits ?? 0), 0)))}</dl></header>
<main>
${comparisonPanel(run, other)}
${run.shown.length === 0 || run.comparison === null ? null : panel(`What went wrong without ${patternWords(run.comparison.without)}`, 'as it was meant to', html`${run.comparison.teaches === null ? null : html`<p>${run.comparison.teaches}</p>`}${list(run.shown)}`)}
${run.deviations.length === 0 ? null : panel('What did not hold', `${run.deviations.length}`, list(run.deviations))}
${panel('Over time', 'from the start of the method', html`${timeFigure(run) ?? html`<p class="quiet">The method did not begin.</p>`}<details><summary>Every entry</summary><div class="scroll" tabindex="0" role="region" aria-label="Every entry">${entryTable(run)}</div></details>`)}
${panel('Faults', 'armed, what they touched, when it was seen and gone', faultTable(run))}
${panel('Probes', experiment['steady-state-hypothesis'].title, probeTable(run.probes))}
${panel('Orders', `by what became of them`, orders(run))}
${panel('Invariants', 'strict audit, after everything had settled', verdictTable(run))}
${panel('Worst orders', 'not ended, or longest under way', worstTable(run))}
${panel('Postmortem', 'draft', html`<div class="text">${postmortem(run).map(({ heading, lines }) => html`<h3>${heading}</h3>${list(lines)}`)}</div>`)}
</main></body></html>
`.text;
}

function panel(title: string, note: string, body: Html): Html {
  return html`<section aria-label="${title}"><h2>${title}<small>${note}</small></h2>${body}</section>
`;
}

function comparisonPanel(run: ExperimentRun, other: ExperimentRun | null): Html | null {
  if (run.comparison === null || other === null) return null;
  const [withIt, withoutIt] = run.comparison.part === 'with' ? [run, other] : [other, run];
  const words = patternWords(run.comparison.without);
  const rows = [
    { what: 'Outcome', with: outcomeText(withIt), without: outcomeText(withoutIt) },
    ...compareRuns(withIt, withoutIt),
  ].map(
    (row) =>
      html`<tr><td>${row.what}</td><td>${row.with}</td><td${row.with === row.without ? null : html` class="warn"`}>${row.without}</td></tr>`,
  );
  const broken = brokenIn(withoutIt).map(({ id, name, problem }) => `${id} (${name}): ${problem}`);
  return panel(
    `With and without ${words}`,
    `the same experiment, seed ${run.seed}`,
    html`${run.comparison.teaches === null ? null : html`<p>${run.comparison.teaches}</p>`}${table(['Figure', `With (run ${withIt.run})`, `Without (run ${withoutIt.run})`], rows)}${broken.length === 0 ? null : list(broken)}`,
  );
}

function fact(name: string, value: string): Html {
  return html`<div><dt>${name}</dt><dd class="mono">${value}</dd></div>`;
}

function list(lines: readonly string[]): Html {
  return html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
}

function table(heads: readonly string[], rows: readonly Html[], numbers: readonly number[] = []): Html {
  const head = heads.map(
    (text, index) => html`<th scope="col"${numbers.includes(index) ? html` class="n"` : null}>${text}</th>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${heads[0] ?? 'Table'}s"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function entryTable(run: ExperimentRun): Html {
  return html`<table class="timeline"><thead><tr><th scope="col">At</th><th scope="col">Kind</th><th scope="col">What</th></tr></thead><tbody>${run.entries.map(
    ({ at, kind, text }) =>
      html`<tr><td class="n">${offsetText(run, at)}</td><td class="quiet">${kind}</td><td>${text}</td></tr>`,
  )}</tbody></table>`;
}

function faultTable({ faults }: ExperimentRun): Html {
  const rows = faults.map((fault) => {
    const { name, run, problem } = fault;
    if (run === null)
      return html`<tr><td>${name}</td><td colspan="6" class="error">not armed${problem === null ? null : `: ${problem}`}</td></tr>`;
    return html`<tr><td>${name}</td><td>${run.code} ${run.title}<br><code>${run.target}</code></td><td class="n ${run.hits > 0 ? 'ok' : 'error'}">${run.hits}</td><td class="n">${durationText(Date.parse(run.endedAt ?? run.expiresAt) - Date.parse(run.armedAt))}</td><td class="n">${detectText(fault)}</td><td class="n">${recoverText(fault)}</td><td>${run.state}${run.reason === null ? null : `: ${run.reason}`}</td></tr>`;
  });
  return table(
    ['Fault', 'What, on what', 'Hits', 'On for', 'Detected after', 'Recovered after', 'State'],
    rows,
    [2, 3, 4, 5],
  );
}

const whenTexts = { before: 'before', method: 'during', after: 'after' } as const;

function probeTable(probes: readonly ProbeResult[]): Html {
  const rows = probes.map(
    ({ name, when, state, tolerance, measured, tookMs, problem }) =>
      html`<tr><td>${name}</td><td class="quiet">${whenTexts[when]}</td><td>${toleranceText(tolerance)}</td><td>${problem ?? (measured === null ? '–' : String(measured))}</td><td class="n">${tookMs === null ? '–' : durationText(tookMs)}</td><td class="${state === 'held' ? 'ok' : 'error'}">${state}</td></tr>`,
  );
  return table(['Probe', 'When', 'Must be', 'Was', 'After', 'State'], rows, [4]);
}

function orders({ load, worstBurn, experiment }: ExperimentRun): Html {
  if (load === null) return html`<p class="quiet">No load ran.</p>`;
  const burn = burnRate(load, objectives.availability);
  const budget = experiment['error-budget'];
  const counts: [string, number][] = [
    ['Due', load.due],
    ['Acknowledged', load.ok],
    ['Refused', load.fail],
    ['Without a good answer', load.info],
    ['Confirmed', load.confirmed],
    ['Cancelled', load.cancelled],
    ['Not ended', load.open],
    ['Lost', load.lostCount],
  ];
  const latency = (name: string, { p50, p95, p99, max }: LoadLatency) =>
    html`<tr><td>${name}</td>${[p50, p95, p99, max].map((ms) => html`<td class="n">${ms === null ? '–' : durationText(ms)}</td>`)}</tr>`;
  return html`<dl>${counts.map(([name, count]) => fact(name, String(count)))}${burn === null ? null : fact(`Burn of the error budget (${objectives.availability * 100} %)`, `${burn.toFixed(1)}×`)}${budget === null || worstBurn === null ? null : fact(`Worst over ${budget.window}, limit ${budget.burn}×`, `${worstBurn.toFixed(1)}×`)}</dl>
${table(['From when it was due', 'p50', 'p95', 'p99', 'max'], [latency(`Accepted (objective: p95 ${objectives.acceptedP95Ms} ms)`, load.accepted), latency('Saga ended', load.saga)], [1, 2, 3, 4])}
${Object.keys(load.errors).length === 0 ? null : list(Object.entries(load.errors).map(([error, count]) => `${count} × ${error}`))}`;
}

const verdictOrder = { invalid: 0, unknown: 1, valid: 2 } as const;
const verdictColours = { invalid: 'error', unknown: 'warn', valid: 'ok' } as const;

function verdictTable({ verdicts, experiment }: ExperimentRun): Html {
  if (verdicts === null) return html`<p class="quiet">There was no final audit.</p>`;
  const named = ({ id }: Verdict) => experiment.invariants.includes(id);
  const sorted = [...verdicts].sort(
    (a, b) => verdictOrder[a.state] - verdictOrder[b.state] || Number(named(b)) - Number(named(a)),
  );
  const rows = sorted.map(
    (verdict) =>
      html`<tr><td>${verdict.id}${named(verdict) ? html` <strong>named</strong>` : null}</td><td>${verdict.statement}</td><td>${verdict.evidence.map(({ count, of }) => `${count} ${of}`).join(', ') || '–'}</td><td class="${verdictColours[verdict.state]}">${verdict.state}${verdict.why === null ? null : html`<br><span class="quiet">${verdict.why}</span>`}</td></tr>${counterexample(verdict)}`,
  );
  return table(['Invariant', 'What must hold', 'Looked at', 'Verdict'], rows);
}

function counterexample({ counterexample: found, violations }: Verdict): Html | null {
  if (found === null) return null;
  const facts = found.timeline.map(({ at, source, what }) => `${at ?? 'at no known time'}  ${source}: ${what}`);
  return html`<tr><td></td><td colspan="3"><strong class="error">${found.subject}</strong>: ${found.problem} (${violations} in all)${found.traceId === null ? null : html`<br>trace <code>${found.traceId}</code>`}<details><summary>What happened to it</summary>${list(facts)}</details></td></tr>`;
}

function worstTable({ worst }: ExperimentRun): Html {
  if (worst.length === 0) return html`<p class="quiet">The read model knew none of them.</p>`;
  const rows = worst.map(
    ({ orderId, traceId, kind, status, tookMs }) =>
      html`<tr><td><code>${orderId}</code></td><td>${kind}</td><td>${status}</td><td class="n">${tookMs === null ? 'not ended' : durationText(tookMs)}</td><td>${traceId === null ? '–' : html`<code>${traceId}</code>`}</td></tr>`,
  );
  return html`${table(['Order', 'Kind', 'Status', 'Took', 'Trace'], rows, [3])}<p class="quiet">A trace opens on the page <code>/traces/ID</code> of the console, or with <code>npm run orrery -- trace ID</code>.</p>`;
}
