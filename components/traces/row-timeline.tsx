import type { CSSProperties } from 'react';
import { durationText } from '#components/format/duration.ts';
import { cn } from '#components/ui/cn.ts';
import { coverage } from './coverage.ts';
import { serviceColour } from './service-colour.ts';
import type { TraceNode } from './trace-tree.ts';
import { place, type TimeWindow } from './waterfall-model.ts';
import type { WaterfallRowProps } from './waterfall-row-props.ts';

const percent = (fraction: number) => `${(fraction * 100).toFixed(3)}%`;

/** When the spans of a row ran: bar, dashed way of a message, critical stretches, duration. */
export function RowTimeline({ row, colours, window, critical, emphasis, narrow }: WaterfallRowProps) {
  if (row.kind === 'service') {
    return (
      <>
        {coverage(row.nodes, window).map(({ left, width, failed }) => (
          <span
            key={left}
            className={cn(bar(narrow), failed && failedBar)}
            style={box(left, width, serviceColour(colours.get(row.service)))}
          />
        ))}
      </>
    );
  }
  const { node } = row;
  const at = place(window, node.startMs, node.endMs);
  const colour = serviceColour(node.span ? colours.get(node.span.service) : null);
  return (
    <>
      <LeadIn node={node} window={window} narrow={narrow} />
      {at && node.span === null ? (
        <span
          className={cn(bar(narrow), 'border border-dashed border-border-strong bg-transparent')}
          style={box(at.left, at.width, 'transparent')}
        />
      ) : null}
      {at && node.span !== null ? (
        <span
          data-slot="bar"
          className={cn(bar(narrow), emphasis === 'path' && 'opacity-30', node.span.status === 'error' && failedBar)}
          style={box(at.left, at.width, colour)}
        />
      ) : null}
      {critical.map(({ fromMs, toMs, waiting }) => {
        const part = place(window, fromMs, toMs);
        if (!part || (waiting && emphasis === 'bars')) return null;
        return (
          <span
            key={fromMs}
            data-slot="critical"
            className={
              emphasis === 'bars'
                ? cn('absolute h-px min-w-px bg-foreground', narrow ? 'bottom-0' : 'bottom-[3px]')
                : cn(
                    bar(narrow),
                    waiting && 'h-0 border-t-2 border-dotted border-tertiary bg-transparent',
                    waiting && middle(narrow),
                  )
            }
            style={
              emphasis === 'bars'
                ? box(part.left, part.width, null)
                : box(part.left, part.width, waiting ? 'transparent' : colour)
            }
          />
        );
      })}
      {narrow || !at || node.span === null ? null : <DurationLabel left={at.left} width={at.width} node={node} />}
    </>
  );
}

const failedBar = 'outline-2 outline-offset-1 outline-error';

function bar(narrow: boolean): string {
  return cn('absolute h-2.5 min-w-0.5 rounded-[2px] bg-(--bar)', narrow ? 'top-0.5' : 'top-[7px]');
}

function middle(narrow: boolean): string {
  return narrow ? 'top-1.5' : 'top-[11px]';
}

function box(left: number, width: number, colour: string | null): CSSProperties {
  return {
    left: percent(left),
    width: percent(width),
    ...(colour === null ? {} : { '--bar': colour }),
  } as CSSProperties;
}

/** The message's way through outbox and topic: from the parent's end to the start, dashed. */
function LeadIn({ node, window, narrow }: { node: TraceNode; window: TimeWindow; narrow: boolean }) {
  const { parent, span } = node;
  if (!parent?.span || (span?.kind !== 'consumer' && span?.kind !== 'producer') || node.startMs <= parent.endMs)
    return null;
  const at = place(window, parent.endMs, node.startMs);
  if (!at) return null;
  const waited = durationText(node.startMs - parent.endMs);
  return (
    <span
      data-slot="lead-in"
      title={span.kind === 'consumer' ? `waited ${waited} in its topic` : `waited ${waited} in the outbox`}
      className={cn('absolute h-0 border-t border-dashed border-border-strong', middle(narrow))}
      style={box(at.left, at.width, null)}
    />
  );
}

/** Behind the bar while there is room, else before it, else on it. */
function DurationLabel({ left, width, node }: { left: number; width: number; node: TraceNode }) {
  const text = durationText(node.endMs - node.startMs);
  const end = left + width;
  const style: CSSProperties =
    end < 0.9
      ? { left: `calc(${percent(end)} + 6px)` }
      : left > 0.1
        ? { right: `calc(${percent(1 - left)} + 6px)` }
        : { right: 6 };
  return (
    <span
      aria-hidden
      className={cn(
        'pointer-events-none absolute top-1 font-mono text-xs whitespace-nowrap text-secondary',
        end >= 0.9 && left <= 0.1 && 'rounded-sm bg-canvas px-1',
      )}
      style={style}
    >
      {text}
    </span>
  );
}
