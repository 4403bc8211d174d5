import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react';
import { Zap } from 'lucide-react';
import { ArmMenu, type ArmMenuProps } from '#components/chaos/arm-menu.tsx';

export type ArrowFlowEdge = Edge<
  {
    offset: number;
    /** What can be armed on it; null where there is no room for a button, or nothing can come this way any more. */
    arm: Omit<ArmMenuProps, 'children'> | null;
  },
  'arrow'
>;

/** An arrow between two steps. Its button shows while the graph is looked at, and always to the keyboard. */
export function ArrowEdge(props: EdgeProps<ArrowFlowEdge>) {
  const { sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, data, style, markerEnd } = props;
  const [path, x, y] = getSmoothStepPath({
    sourceX,
    sourceY,
    sourcePosition,
    targetX,
    targetY,
    targetPosition,
    offset: data?.offset ?? 4,
    borderRadius: 6,
  });
  const arm = data?.arm ?? null;
  return (
    <>
      <BaseEdge path={path} {...(style ? { style } : {})} {...(markerEnd ? { markerEnd } : {})} />
      {arm ? (
        <EdgeLabelRenderer>
          <ArmMenu {...arm}>
            <button
              type="button"
              aria-label={arm.title}
              style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
              className="group/arm pointer-events-auto absolute z-10 flex size-6 items-center justify-center rounded-full opacity-0 transition-opacity group-hover/saga:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100"
            >
              {/* Smaller than what can be pressed: the arrow must be seen on both sides. */}
              <span className="flex size-4 items-center justify-center rounded-full border border-border-strong bg-surface text-secondary group-hover/arm:border-fault group-hover/arm:text-fault">
                <Zap className="size-2.5 stroke-[1.75]" aria-hidden />
              </span>
            </button>
          </ArmMenu>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
}
