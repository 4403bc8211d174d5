import { Handle, Position } from '@xyflow/react';
import type { Side } from './layout.ts';

const positions: Record<Side, Position> = {
  left: Position.Left,
  right: Position.Right,
  top: Position.Top,
  bottom: Position.Bottom,
};
const sides = Object.keys(positions) as Side[];

/** Where edges attach: one invisible point per side and direction, named `source-right` and so on. */
export function Handles() {
  return sides.flatMap((side) =>
    (['source', 'target'] as const).map((type) => (
      <Handle
        key={`${type}-${side}`}
        id={`${type}-${side}`}
        type={type}
        position={positions[side]}
        isConnectable={false}
        aria-hidden
        className="pointer-events-none size-px min-h-0 min-w-0 opacity-0"
      />
    )),
  );
}
