// biome-ignore-all lint/a11y/useFocusableInteractive: the treegrid around the rows has the focus and names the active row
// biome-ignore-all lint/a11y/useSemanticElements: rows of a virtual list are positioned, which a tr cannot be
// biome-ignore-all lint/a11y/useKeyWithClickEvents: keys are handled by the treegrid
import { ChevronDown, ChevronRight, CircleAlert } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { TouchedMark } from '#components/chaos/injected.tsx';
import { duration, durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { cn } from '#components/ui/cn.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { touchedBy } from '#contracts/telemetry/injected.ts';
import { RowTimeline } from './row-timeline.tsx';
import type { Colours } from './service-chips.tsx';
import { SpanKindIcon } from './span-kind.tsx';
import { spanLabel } from './span-label.ts';
import type { WaterfallRow } from './waterfall-model.ts';
import type { WaterfallRowProps } from './waterfall-row-props.ts';

const indentPx = 10;
const narrowIndentPx = 4;
const deepest = 24;

/** One line of the waterfall: what ran where on the left, when on the right. */
export const WaterfallRowView = memo(function WaterfallRowView(props: WaterfallRowProps) {
  const { row, index, id, colours, selected, narrow, offsetPx, heightPx, onSelect } = props;
  const indent = Math.min(row.depth, deepest) * (narrow ? narrowIndentPx : indentPx);
  return (
    <div
      id={id}
      role="row"
      aria-level={row.depth + 1}
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-expanded={row.expandable ? row.expanded : undefined}
      data-slot="waterfall-row"
      className={cn(
        'absolute inset-x-0 top-0 grid cursor-default text-sm',
        narrow ? 'grid-cols-1 grid-rows-[22px_14px] px-2 pt-1' : 'grid-cols-[var(--names)_minmax(0,1fr)]',
        selected
          ? 'bg-[color-mix(in_oklch,var(--accent)_14%,transparent)] -outline-offset-2 outline-accent group-focus-visible/grid:outline-2'
          : 'hover:bg-[color-mix(in_oklch,var(--text)_5%,transparent)]',
      )}
      style={{ height: heightPx, transform: `translateY(${offsetPx}px)` }}
      onClick={() => onSelect(row.id)}
    >
      <div
        role="gridcell"
        className={cn(
          'flex min-w-0 items-center gap-1.5 bg-no-repeat',
          narrow ? '' : 'border-r border-border pr-2 pl-2',
        )}
        style={
          {
            paddingLeft: indent + (narrow ? 0 : 4),
            backgroundImage: narrow
              ? undefined
              : `repeating-linear-gradient(to right, transparent 0 ${indentPx - 1}px, var(--border) ${indentPx - 1}px ${indentPx}px)`,
            backgroundSize: `${indent}px 100%`,
          } as CSSProperties
        }
      >
        <Chevron {...props} />
        <RowName row={row} colours={colours} narrow={narrow} />
      </div>
      <div role="gridcell" className={cn('relative min-w-0', narrow ? '' : 'mr-4')}>
        <RowTimeline {...props} />
      </div>
    </div>
  );
});

function Chevron({ row, onToggle }: WaterfallRowProps) {
  if (!row.expandable) return <span className="w-4 shrink-0" />;
  const Icon = row.expanded ? ChevronDown : ChevronRight;
  return (
    // Pointer only: ← and → do the same for the keyboard, and the row says whether it is expanded.
    <span
      aria-hidden
      className="inline-flex h-6 w-4 shrink-0 cursor-pointer items-center justify-center text-tertiary hover:text-foreground"
      onClick={(event) => {
        event.stopPropagation();
        onToggle(row.id);
      }}
    >
      <Icon className="size-3.5 stroke-[1.75]" />
    </span>
  );
}

function RowName({ row, colours, narrow }: { row: WaterfallRow; colours: Colours; narrow: boolean }) {
  if (row.kind === 'service') {
    const failed = row.nodes.filter(({ span }) => span?.status === 'error').length;
    return (
      <>
        <ServiceName name={row.service} colour={colours.get(row.service) ?? null} className="gap-1.5 font-medium" />
        {failed > 0 ? <ErrorMark text={`${count(failed)} failed`} /> : null}
        <span className="ml-auto shrink-0 text-tertiary tabular-nums">
          {count(row.nodes.length)} {row.nodes.length === 1 ? 'span' : 'spans'}
        </span>
      </>
    );
  }
  const { span, descendants, errorsBelow } = row.node;
  if (span === null) {
    return (
      <>
        <SpanKindIcon span={null} />
        <span className="truncate text-warn">Parent has not arrived</span>
        <span className="truncate font-mono text-tertiary">{row.id}</span>
      </>
    );
  }
  const { text, detail } = spanLabel(span);
  const fault = touchedBy(span.attributes);
  const folded = row.expandable && !row.expanded;
  return (
    <>
      <SpanKindIcon span={span} />
      <ServiceName
        name={span.service}
        colour={colours.get(span.service) ?? null}
        className="shrink-0 gap-1.5 text-secondary"
      />
      <span className="truncate" title={text}>
        {text}
        {detail ? <span className="ml-1.5 text-secondary">{detail}</span> : null}
      </span>
      {span.status === 'error' ? <ErrorMark text="error" hidden /> : null}
      {fault === null ? null : <TouchedMark fault={fault} />}
      {folded && errorsBelow > 0 ? <ErrorMark text={`${count(errorsBelow)} below`} /> : null}
      {folded ? <span className="ml-auto shrink-0 text-tertiary tabular-nums">+{count(descendants)}</span> : null}
      {narrow ? (
        <Quantity of={duration(span.durationNano / 1e6)} className="ml-auto shrink-0 font-mono" />
      ) : (
        <span className="sr-only">{durationText(span.durationNano / 1e6)}</span>
      )}
    </>
  );
}

function ErrorMark({ text, hidden = false }: { text: string; hidden?: boolean }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-1 text-error">
      <CircleAlert className="size-3.5 stroke-2" aria-hidden />
      <span className={hidden ? 'sr-only' : undefined}>{text}</span>
    </span>
  );
}
