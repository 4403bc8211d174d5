import { type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react';
import { CircleAlert, CircleHelp } from 'lucide-react';
import { memo } from 'react';
import { injectedText } from '#components/chaos/injected.tsx';
import { durationText } from '#components/format/duration.ts';
import { percent, perSecond } from '#components/format/number.ts';
import { cn } from '#components/ui/cn.ts';
import { FaultMark } from './fault-mark.tsx';
import { pointAt, type Way, wayPath } from './layout.ts';
import { isAsync, type MapEdge } from './map-model.ts';

export type MapFlowEdge = Edge<
  {
    edge: MapEdge;
    /** Fault that is on it, in words. */
    fault: string | null;
    way: Way;
    look: 'plain' | 'lit' | 'faded' /** Share of the way at which its text stands. */;
    textAt: number;
  },
  'way'
>;

/** Share of failed requests from which an edge is drawn as failing. */
const loudErrorRatio = 0.01;

/** A way with its traffic: dashed when asynchronous, thicker with more, moving only while something moves. */
export const MapEdgeView = memo(function MapEdgeView({ data, markerEnd }: EdgeProps<MapFlowEdge>) {
  if (!data) return null;
  const { edge, fault, way, look, textAt } = data;
  const { red } = edge;
  const busy = red !== null && red.count > 0;
  const failing = busy && red.errorRatio >= loudErrorRatio;
  const path = wayPath(way);
  const stroke = failing
    ? 'var(--error)'
    : edge.expected
      ? look === 'lit'
        ? 'var(--text)'
        : busy
          ? 'var(--text-tertiary)'
          : 'var(--border-strong)'
      : 'var(--warn)';
  const at = pointAt(way, textAt);
  const told =
    look !== 'faded' &&
    (failing || !edge.expected || look === 'lit' || (busy && !isAsync(edge.protocol) && edge.layer === 'calls'));
  return (
    <g
      className={cn(
        'transition-opacity',
        look === 'faded' ? 'opacity-10' : !busy && fault === null && look === 'plain' ? 'opacity-45' : '',
      )}
    >
      {/* Where it can be pressed, wider than it is drawn. */}
      <path d={path} fill="none" stroke="transparent" strokeWidth={16} className="cursor-pointer" />
      {fault === null ? null : (
        <path d={path} fill="none" stroke="var(--fault)" strokeOpacity={0.4} strokeWidth={8} strokeLinecap="round" />
      )}
      <path
        d={path}
        fill="none"
        stroke={stroke}
        strokeWidth={width(red?.ratePerSecond ?? 0)}
        strokeDasharray={isAsync(edge.protocol) ? '5 4' : edge.expected ? undefined : '1 4'}
        strokeLinecap={edge.expected ? 'butt' : 'round'}
        {...(markerEnd ? { markerEnd } : {})}
      />
      {busy && look !== 'faded' ? (
        <path
          d={path}
          fill="none"
          stroke="var(--text)"
          strokeWidth={2.5}
          strokeDasharray="1.5 18.5"
          strokeLinecap="round"
          className="map-flow"
        />
      ) : null}
      {fault !== null && look !== 'faded' ? (
        <EdgeLabelRenderer>
          <FaultMark
            text={fault}
            // Below the figures, where they are.
            style={{
              transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y + (told ? 18 : 0)}px)`,
            }}
            className="pointer-events-auto z-10 max-w-44"
          />
        </EdgeLabelRenderer>
      ) : null}
      {told ? (
        <EdgeLabelRenderer>
          <span
            style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}
            className={cn(
              'pointer-events-none absolute inline-flex items-center gap-1 rounded-sm bg-canvas px-1 text-xs whitespace-nowrap text-secondary tabular-nums',
              look === 'lit' && 'z-10 text-foreground',
            )}
          >
            {failing ? <CircleAlert className="size-3 stroke-2 text-error" aria-hidden /> : null}
            {edge.expected ? null : <CircleHelp className="size-3 stroke-2 text-warn" aria-hidden />}
            {words(edge, look === 'lit')}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </g>
  );
});

function words({ red, expected, description }: MapEdge, full: boolean): string {
  if (!red || red.count === 0) return description ?? 'no traffic';
  const parts = [`${perSecond(red.ratePerSecond)}/s`];
  if (red.errorRatio > 0) {
    const { value, unit } = percent(red.errorRatio);
    parts.push(`${value} ${unit} errors`);
    const injected = injectedText(red);
    if (injected !== null) parts.push(injected);
  }
  if (full && red.p95Ms !== null) parts.push(`p95 ${durationText(red.p95Ms)}`);
  if (!expected) parts.push('not in the topology');
  return parts.join(' · ');
}

/** 1.25 px at rest and up to 3.5 px, one and a bit more per tenfold rate. */
function width(rate: number): number {
  return rate === 0 ? 1.25 : Math.min(3.5, 1.4 + Math.log10(1 + rate) * 1.1);
}
