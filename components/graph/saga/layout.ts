import { isUndoing, type SagaStep, type StepId } from '#components/orders/saga.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';

export type NodeSize = { width: number; height: number; gapX: number; gapY: number };

/** Wide enough for the process's name, or narrow for a small space. */
export const nodeSizes = {
  full: { width: 160, height: 52, gapX: 32, gapY: 14 },
  compact: { width: 104, height: 52, gapX: 12, gapY: 14 },
} as const satisfies Record<string, NodeSize>;

/** Column and row of each step. The main line runs right, its undoing below it runs back, the refund beside it. */
const cells: Record<StepId, { column: number; row: number }> = {
  created: { column: 0, row: 0 },
  screened: { column: 1, row: 0 },
  reserved: { column: 2, row: 0 },
  paid: { column: 3, row: 0 },
  confirmed: { column: 4, row: 0 },
  committed: { column: 5, row: 0 },
  invoiced: { column: 5, row: 1 },
  notified: { column: 5, row: 2 },
  compensating: { column: 3, row: 2 },
  refunded: { column: 4, row: 2 },
  released: { column: 2, row: 2 },
  cancelled: { column: 1, row: 2 },
  apologised: { column: 0, row: 2 },
};

export type Side = 'left' | 'right' | 'top' | 'bottom';
export type PlacedNode = { id: StepId; x: number; y: number; width: number; height: number };
export type PlacedEdge = {
  id: string;
  from: StepId;
  to: StepId;
  fromSide: Side;
  toSide: Side;
  lane: 'main' | 'undoing';
};

const edges: readonly PlacedEdge[] = [
  edge('created', 'screened', 'right', 'left'),
  edge('screened', 'reserved', 'right', 'left'),
  edge('reserved', 'paid', 'right', 'left'),
  edge('paid', 'confirmed', 'right', 'left'),
  edge('confirmed', 'committed', 'right', 'left'),
  edge('confirmed', 'invoiced', 'right', 'left'),
  edge('confirmed', 'notified', 'right', 'left'),
  edge('paid', 'compensating', 'bottom', 'top', 'undoing'),
  edge('compensating', 'released', 'left', 'right', 'undoing'),
  edge('compensating', 'refunded', 'right', 'left', 'undoing'),
  edge('refunded', 'cancelled', 'bottom', 'bottom', 'undoing'),
  edge('released', 'cancelled', 'left', 'right', 'undoing'),
  edge('reserved', 'cancelled', 'bottom', 'top', 'undoing'),
  edge('screened', 'cancelled', 'bottom', 'top', 'undoing'),
  edge('cancelled', 'apologised', 'left', 'right', 'undoing'),
];

function edge(from: StepId, to: StepId, fromSide: Side, toSide: Side, lane: PlacedEdge['lane'] = 'main'): PlacedEdge {
  return { id: `${from}-${to}`, from, to, fromSide, toSide, lane };
}

/** Steps on the main line that an orchestrator commands; the others it takes itself, or commands while undoing. */
export const commandedSteps = ['reserved', 'paid', 'committed'] as const satisfies readonly StepId[];

/** Room above the main line for the orchestrator, of a style that has one. */
const orchestrator = { height: 28, gap: 22 } as const;

/**
 * Where everything is. The same for every order of a style, whatever happened to it, so nothing moves while it runs.
 * `orchestrator` is the bar above the steps that are commanded; a choreography has none.
 */
export function sagaLayout(
  size: NodeSize,
  style: SagaStyle = 'choreography',
): {
  orchestrator: Omit<PlacedNode, 'id'> | null;
  nodes: PlacedNode[];
  edges: readonly PlacedEdge[];
  width: number;
  height: number;
} {
  const top = style === 'orchestration' ? orchestrator.height + orchestrator.gap : 0;
  const nodes = (Object.entries(cells) as [StepId, { column: number; row: number }][]).map(([id, { column, row }]) => ({
    id,
    x: column * (size.width + size.gapX),
    y: top + row * (size.height + size.gapY),
    width: size.width,
    height: size.height,
  }));
  const left = cells.created.column * (size.width + size.gapX);
  const right = Math.max(...nodes.map(({ x, width }) => x + width));
  return {
    orchestrator: top > 0 ? { x: left, y: 0, width: right - left, height: orchestrator.height } : null,
    nodes,
    edges,
    width: Math.max(...nodes.map(({ x, width }) => x + width)),
    // The way back from the refund runs below everything.
    height: Math.max(...nodes.map(({ y, height }) => y + height)) + size.gapY,
  };
}

/** `taken`: both ends have happened. `next`: its end is running. `open`: it may still be. `closed`: it can not. */
export type EdgeState = 'taken' | 'next' | 'open' | 'closed';

export function edgeState({ from, to, lane }: PlacedEdge, steps: ReadonlyMap<StepId, SagaStep>): EdgeState {
  const [source, target] = [steps.get(from), steps.get(to)];
  if (!source || !target) return 'open';
  const began = source.state === 'done' || source.state === 'compensated' || source.state === 'failed';
  // An edge of undoing starts at a failure, or at a step of undoing itself.
  const fits = lane === 'main' ? source.state !== 'failed' : source.state === 'failed' || isUndoing(from);
  if (began && fits && target.state !== 'pending' && target.state !== 'skipped') {
    return target.state === 'running' ? 'next' : 'taken';
  }
  return source.state === 'skipped' || target.state === 'skipped' || (began && !fits) ? 'closed' : 'open';
}
