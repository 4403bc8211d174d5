import { durationText } from '#components/format/duration.ts';
import {
  edgeState,
  nodeSizes,
  type PlacedEdge,
  type PlacedNode,
  type Side,
  sagaLayout,
} from '#components/graph/saga/layout.ts';
import type { SagaStep, StepId, StepState } from '#components/orders/saga.ts';
import { type Html, html } from '#contracts/html.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';

const margin = 2;

const looks: Record<StepState, { word: string; colour: string }> = {
  pending: { word: 'pending', colour: 'var(--border-strong)' },
  running: { word: 'running', colour: 'var(--info)' },
  done: { word: 'done', colour: 'var(--ok)' },
  failed: { word: 'failed', colour: 'var(--error)' },
  compensated: { word: 'undone', colour: 'var(--warn)' },
  skipped: { word: 'not needed', colour: 'var(--border)' },
};

/** The saga as it is on the page, drawn without a script: boxes that lead to their events, lines between them. */
export function sagaFigure(steps: readonly SagaStep[], caption: string, style: SagaStyle): Html {
  const layout = sagaLayout(nodeSizes.full, style);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const places = new Map(layout.nodes.map((node) => [node.id, node]));
  const [width, height] = [layout.width + 2 * margin, layout.height + 2 * margin];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Saga">
<svg class="saga" role="group" aria-label="${caption}" width="${width}" height="${height}" viewBox="${-margin} ${-margin} ${width} ${height}">
${commander(layout)}${layout.edges.map((edge) => line(edge, places, byId))}${layout.nodes.map((node) => box(node, byId))}
</svg></div>`;
}

/** The bar of who commands, above the steps. */
function commander({ orchestrator }: ReturnType<typeof sagaLayout>): Html | null {
  if (!orchestrator) return null;
  const { x, y, width, height } = orchestrator;
  return html`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="var(--raised)" stroke="var(--border-strong)"/>
<text x="${x + 10}" y="${y + 18}" fill="var(--text-secondary)" font-size="11">orders runs the saga: commands go out, events are the replies</text>`;
}

function line(edge: PlacedEdge, places: ReadonlyMap<StepId, PlacedNode>, steps: ReadonlyMap<StepId, SagaStep>): Html {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  const state = edgeState(edge, steps);
  if (!from || !to || state === 'closed') return html``;
  const [a, b] = [corner(from, edge.fromSide), corner(to, edge.toSide)];
  const colour = state === 'open' ? 'var(--border-strong)' : edge.lane === 'main' ? 'var(--ok)' : 'var(--warn)';
  return html`<path d="M${a.x} ${a.y}L${b.x} ${b.y}" fill="none" stroke="${colour}" stroke-width="1.5" ${
    state === 'open' ? html`stroke-dasharray="3 3"` : null
  }/>`;
}

function corner({ x, y, width, height }: PlacedNode, side: Side): { x: number; y: number } {
  switch (side) {
    case 'left':
      return { x, y: y + height / 2 };
    case 'right':
      return { x: x + width, y: y + height / 2 };
    case 'top':
      return { x: x + width / 2, y };
    case 'bottom':
      return { x: x + width / 2, y: y + height };
    default:
      return side satisfies never;
  }
}

function box({ id, x, y, width, height }: PlacedNode, steps: ReadonlyMap<StepId, SagaStep>): Html {
  const step = steps.get(id);
  if (!step) return html``;
  const { word, colour } = looks[step.state];
  const took = step.durationMs === null || step.id === 'created' ? '' : ` · ${durationText(step.durationMs)}`;
  const drawn = html`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="var(--surface)" stroke="${colour}"/>
<text x="${x + 10}" y="${y + 21}" fill="var(--text)" font-weight="500">${step.title}</text>
<text x="${x + 10}" y="${y + 40}" fill="var(--text-secondary)" font-size="11">${step.service} · ${word}${took}</text>`;
  return step.entry ? html`<a href="#${step.entry.messageId}">${drawn}</a>` : drawn;
}
