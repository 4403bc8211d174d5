import { type Html, html } from '#contracts/html.ts';
import type { ExperimentRun } from '#contracts/sandbox/experiments.ts';

const width = 960;
const left = 64;
/** Half of the last label of the axis. */
const right = 20;
const laneHeight = 22;
const chartHeight = 96;
/** So that a fault that is over in an instant can be seen. */
const leastBar = 3;

/** Faults above, what became of the orders below, on one axis. A picture of the tables; it needs no script. */
export function timeFigure(run: ExperimentRun): Html | null {
  const { load, faults } = run;
  if (load === null || run.methodAt === null) return null;
  const startMs = Date.parse(run.methodAt);
  const last = load.samples.at(-1);
  const seconds = Math.max(
    last ? last.fromSeconds + last.seconds : 0,
    ...faults.map(({ run: fault }) =>
      fault === null ? 0 : (Date.parse(fault.endedAt ?? fault.expiresAt) - startMs) / 1_000,
    ),
    1,
  );
  const x = (second: number) => left + (Math.min(Math.max(second, 0), seconds) / seconds) * (width - left - right);
  const lanes = faults.filter((fault) => fault.run !== null);
  const chartTop = lanes.length * laneHeight + 12;
  const bottom = chartTop + chartHeight;
  const most = Math.max(1, ...load.samples.map(({ due }) => due));
  const tall = (count: number) => (count / most) * chartHeight;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Over time, a picture of the tables below">
<svg class="axis" role="img" aria-label="${caption(run)}" width="${width}" height="${bottom + 24}" viewBox="0 0 ${width} ${bottom + 24}">
${ticks(seconds).map((second) => html`<line x1="${x(second)}" x2="${x(second)}" y1="0" y2="${bottom}" stroke="var(--border)"/><text x="${x(second)}" y="${bottom + 16}" text-anchor="middle" class="tick">${second} s</text>`)}
${lanes.map(({ run: fault, name }, lane) => {
  if (fault === null) return html``;
  const [from, to] = [
    x((Date.parse(fault.armedAt) - startMs) / 1_000),
    x((Date.parse(fault.endedAt ?? fault.expiresAt) - startMs) / 1_000),
  ];
  const y = lane * laneHeight + 2;
  return html`<rect x="${from}" y="${y}" width="${Math.max(leastBar, to - from)}" height="${bottom - y}" fill="var(--fault)" opacity="0.12"/>
<rect x="${from}" y="${y}" width="${Math.max(leastBar, to - from)}" height="18" fill="var(--fault)" opacity="0.5"/>
<text x="${Math.min(from + 6, width - 320)}" y="${y + 13}" class="lane">${name}, ${fault.hits === 1 ? '1 hit' : `${fault.hits} hits`}</text>`;
})}
<text x="0" y="${chartTop + 10}" class="tick">${most} due</text><text x="0" y="${bottom}" class="tick">0</text>
${load.samples.map(({ fromSeconds, seconds: span, due, ok, fail, info }) => {
  const [from, wide] = [x(fromSeconds) + 1, Math.max(1, x(fromSeconds + span) - x(fromSeconds) - 2)];
  return html`<rect x="${from}" y="${bottom - tall(due)}" width="${wide}" height="${tall(due)}" fill="var(--border)"/>
<rect x="${from}" y="${bottom - tall(Math.min(ok, due))}" width="${wide}" height="${tall(Math.min(ok, due))}" fill="var(--ok)"/>
<rect x="${from}" y="${bottom - tall(due)}" width="${wide}" height="${tall(Math.min(fail + info, due))}" fill="var(--error)"/>`;
})}
<line x1="${left}" x2="${width - right}" y1="${bottom}" y2="${bottom}" stroke="var(--border-strong)"/>
</svg></div>
<p class="legend"><span style="--key:var(--ok)">acknowledged</span><span style="--key:var(--error)">refused or without a good answer</span><span style="--key:var(--border)">due, no answer yet</span><span style="--key:var(--fault)">fault on</span></p>`;
}

function caption({ faults, load }: ExperimentRun): string {
  const hits = faults.reduce((sum, { run }) => sum + (run?.hits ?? 0), 0);
  return `${faults.length === 1 ? '1 fault' : `${faults.length} faults`} with ${hits} hits over ${load?.due ?? 0} orders, of which ${load?.ok ?? 0} were acknowledged`;
}

function ticks(seconds: number): number[] {
  const step = [1, 2, 5, 10, 20, 30, 60, 120].find((candidate) => seconds / candidate <= 10) ?? 300;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}
