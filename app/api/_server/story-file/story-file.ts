import { bandText } from '#components/chaos/band-text.ts';
import { bandRows, covered, type FaultBand, faultBands } from '#components/chaos/fault-bands.ts';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { offsetText } from '#components/orders/offset-text.ts';
import { type SagaStep, sagaCaption, sagaSteps, waitingFor } from '#components/orders/saga.ts';
import { type StoryLine, storyKinds, storyLines, type Told } from '#components/orders/story.ts';
import { type StoryLane, storyLanes, storyRange } from '#components/orders/story-lanes.ts';
import { kindNames, lineToken } from '#components/orders/story-look.ts';
import { place, type TimeWindow, ticks, tickText } from '#components/traces/waterfall-model.ts';
import { formatMoney } from '#contracts/format-money.ts';
import { Html, html } from '#contracts/html.ts';
import type { OrderView } from '#contracts/http/history.ts';
import type { FaultRun } from '#contracts/sandbox/chaos.ts';
import { lineBody } from './line-body.ts';
import { sagaFigure } from './saga-figure.ts';
import { styleSheet, zooms } from './style.ts';

export type StoryFile = Told & {
  order: OrderView;
  /** That there were, newest first; those that were on meanwhile are drawn. */
  faults: readonly FaultRun[];
  /** Colour index of each process. */
  colours: ReadonlyMap<string, number | null>;
  /** When the file is made. */
  atMs: number;
};

const rowPx = 18;
/** Nothing may be fetched and nothing may run: the file is only what is in it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The whole story of an order as one HTML document that needs neither this console nor a network. */
export function storyFile({ order, timeline, spans, logs, faults, colours, atMs }: StoryFile): string {
  const lines = storyLines({ timeline, spans, logs });
  const steps = sagaSteps(order, timeline);
  const caption = sagaCaption(order, steps, durationText);
  const originMs = Date.parse(order.createdAt);
  const range = storyRange(lines, order.finishedAt === null ? atMs : null);
  const window = { fromMs: range.fromMs - originMs, toMs: range.toMs - originMs };
  const bands = faultBands(faults, range);
  const waiting = waitingFor(steps);
  const incomplete =
    order.finishedAt === null ? `incomplete: waiting for ${waiting?.service ?? 'what comes next'}` : caption;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Order ${shortId(order.id)}: ${order.status}</title><style>${style()}</style></head>
<body>
<header><h1>Order <code>${order.id}</code></h1>${facts(order, atMs)}</header>
<main>
<section class="panel"><h2>Saga<small>${caption}</small></h2>${sagaFigure(steps, caption, order.sagaStyle)}
<details><summary>The same as a table</summary>${stepTable(steps)}</details></section>
<section class="panel" id="story"><h2>Story<small>${incomplete}</small></h2>
<fieldset><legend>Zoom</legend>${zooms.map(
    (zoom) =>
      html`<label><input type="radio" name="zoom" id="zoom-${zoom}"${zoom === 1 ? html` checked` : null}>${zoom}×</label>`,
  )}</fieldset>
<fieldset><legend>Show</legend>${storyKinds.map(
    (kind) => html`<label><input type="checkbox" id="kind-${kind}" checked>${kindNames[kind].many}</label>`,
  )}</fieldset>
<div class="scroll" tabindex="0" role="region" aria-label="Time axis, a picture of the table below">${axis(storyLanes(lines), bands, window, originMs, colours)}</div>${faultList(bands, originMs)}
<details id="rows"><summary>The same as a table</summary>${lineTable(lines, originMs)}</details></section>
</main>
${lines.map((line) => lineBody(line, originMs))}
</body></html>
`.text;
}

function style(): Html {
  // The style sheet is ours, not data: it goes in as it is.
  return new Html(styleSheet(storyKinds));
}

function facts(order: OrderView, atMs: number): Html {
  const known: [string, string | null][] = [
    ['Status', order.status],
    ['Style', order.sagaStyle],
    ['Reason', order.cancelReason?.replaceAll('_', ' ') ?? null],
    ['Total', formatMoney(order.total)],
    ['Items', order.lines.map(({ qty, name }) => `${qty} × ${name}`).join(', ')],
    ['Placed', order.createdAt],
    ['Trace', order.traceId],
    ['Invoice', order.invoiceNumber],
    ['Exported', new Date(atMs).toISOString()],
  ];
  return html`<dl class="facts">${known.flatMap(([name, value]) =>
    value === null ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`],
  )}</dl>`;
}

function axis(
  lanes: readonly StoryLane[],
  bands: readonly FaultBand[],
  window: TimeWindow,
  originMs: number,
  colours: ReadonlyMap<string, number | null>,
): Html {
  let shown: string | null = null;
  const marks = ticks(window, 12).map(
    (ms) => html`<span class="tick" style="left:${percent(window, ms)}">${tickText(ms)}</span>`,
  );
  return html`<div class="axis" aria-hidden="true"><div class="lane"><span></span><div class="track ruler">${marks}</div></div>${faultLane(bands, window, originMs)}${lanes.map(
    (lane) => {
      const heading =
        lane.kind === shown ? null : html`<div class="kind of-${lane.kind}">${kindNames[lane.kind].lanes}</div>`;
      shown = lane.kind;
      return html`${heading}<div class="lane of-${lane.kind}"><span title="${lane.title}">${lane.title}</span><div class="track" style="height:${lane.rows * rowPx}px">${lane.items.map(
        ({ line, row }) => bar(line, row, window, originMs, colours.get(line.service) ?? null),
      )}</div></div>
`;
    },
  )}</div>`;
}

/** Faults above everything that they may have touched, and behind all of it. */
function faultLane(bands: readonly FaultBand[], window: TimeWindow, originMs: number): Html | null {
  if (bands.length === 0) return null;
  const rows = bandRows(bands);
  const at = ({ fromMs, toMs }: { fromMs: number; toMs: number }) => {
    const placed = place(window, fromMs - originMs, toMs - originMs) ?? { left: 0, width: 0 };
    return `left:${(placed.left * 100).toFixed(3)}%;width:${(placed.width * 100).toFixed(3)}%`;
  };
  const shades = covered(bands).map((span) => html`<span class="shade" style="${at(span)}"></span>`);
  const bars = bands.map(
    (band, index) =>
      html`<span class="bar" style="--bar:var(--fault);${at(band)};top:${(rows[index] ?? 0) * rowPx + 1}px" title="${bandText(band, originMs)}"><span>${band.title} · ${band.target}</span></span>`,
  );
  return html`<div class="lane shades"><span></span><div class="track">${shades}</div></div>
<div class="lane"><span>Faults on purpose</span><div class="track" style="height:${(Math.max(...rows) + 1) * rowPx}px">${bars}</div></div>
`;
}

/** The same in words, for those who do not see the axis. */
function faultList(bands: readonly FaultBand[], originMs: number): Html | null {
  if (bands.length === 0) return null;
  return html`<section class="faults" aria-label="Faults on purpose"><h3>Faults on purpose while it ran</h3><ul>${bands.map(
    (band) => html`<li>${bandText(band, originMs)}</li>`,
  )}</ul></section>`;
}

/** For the pointer: most are too small to be walked to, and the table has the same doors for everybody. */
function bar(line: StoryLine, row: number, window: TimeWindow, originMs: number, colour: number | null): Html {
  const toMs = line.endMs === null ? window.toMs : line.endMs - originMs;
  const placed = place(window, line.atMs - originMs, toMs) ?? { left: 0, width: 0 };
  const instant = line.kind === 'log';
  const [left, width] = [`${(placed.left * 100).toFixed(3)}%`, `${(placed.width * 100).toFixed(3)}%`];
  const position = `--bar:${lineToken(line, colour)};left:${left};top:${row * rowPx + (instant ? 4 : 1)}px${instant ? '' : `;width:${width}`}`;
  const length = line.endMs === null ? 'still going on' : durationText(line.endMs - line.atMs);
  const title = instant ? line.text : `${line.text} · ${length}`;
  return html`<a tabindex="-1" data-kind="${line.kind}" class="bar${instant ? ' dot' : ''}" href="#${line.id}" style="${position}" title="${title}">${instant ? null : html`<span>${line.text}</span>`}</a>`;
}

function percent({ fromMs, toMs }: TimeWindow, ms: number): string {
  return `${(((ms - fromMs) / (toMs - fromMs)) * 100).toFixed(3)}%`;
}

function stepTable(steps: readonly SagaStep[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Steps of the saga"><table><thead><tr><th>Step</th><th>State</th><th>By</th><th>Took</th><th>Outcome</th></tr></thead><tbody>${steps.map(
    ({ title, state, service, durationMs, detail }) =>
      html`<tr><td>${title}</td><td>${state}</td><td>${service}</td><td class="n">${
        durationMs === null ? null : durationText(durationMs)
      }</td><td>${detail}</td></tr>`,
  )}</tbody></table></div>`;
}

function lineTable(lines: readonly StoryLine[], originMs: number): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Story"><table><thead><tr><th>After, s</th><th>Kind</th><th>By</th><th>What</th><th>Lasted</th></tr></thead><tbody>${lines.map(
    (line) =>
      html`<tr class="of-${line.kind}"><td class="n">${offsetText(line.atMs - originMs)}</td><td>${kindNames[line.kind].one}</td><td>${line.service}</td><td><a class="mono" href="#${line.id}">${line.text}</a></td><td class="n">${
        line.kind === 'log' ? null : line.endMs === null ? '…' : durationText(line.endMs - line.atMs)
      }</td></tr>`,
  )}</tbody></table></div>`;
}
