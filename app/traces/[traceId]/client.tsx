'use client';

import { ChevronsDownUp, ChevronsUpDown, ZoomIn, ZoomOut } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { type ReactNode, useMemo } from 'react';
import { faultBands } from '#components/chaos/fault-bands.ts';
import { nanoToMs } from '#components/format/time.ts';
import { Page } from '#components/shell/page.tsx';
import { PathSummary } from '#components/traces/path-summary.tsx';
import { spanLabel } from '#components/traces/span-label.ts';
import { SpanPanel } from '#components/traces/span-panel.tsx';
import { TraceFacts } from '#components/traces/trace-facts.tsx';
import { buildTree } from '#components/traces/trace-tree.ts';
import { Waterfall } from '#components/traces/waterfall.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { Trace } from '#contracts/telemetry/query.ts';
import { useFaults } from '../../_client/use-chaos.ts';
import { useColours } from '../use-colours.ts';
import { traceParsers } from './search-params.ts';
import { SpanLogs } from './span-logs.tsx';
import { useGrowingTrace } from './use-growing-trace.ts';
import { useWaterfall } from './use-waterfall.ts';

const crumbs = [{ title: 'Traces', href: '/traces' }];

/** One trace: who it is, and its spans over time. Grows while spans arrive. */
export function TracePage({ traceId }: { traceId: string }) {
  const { trace, down } = useGrowingTrace(traceId);
  const { data } = trace;
  const title = data ? `${data.summary.rootService} ${data.summary.rootName}` : traceId;
  return (
    <Page title={title} crumbs={crumbs} layout="fill">
      {down && data ? <PartialNote>New spans may be missing: {down}.</PartialNote> : null}
      {data ? (
        <TraceView key={traceId} trace={data} />
      ) : trace.isPending ? (
        <SkeletonRows rows={18} label="Loading trace" />
      ) : data === null ? (
        <EmptyState title="No span of this trace has arrived" command="npm run orrery -- order --count 1">
          It shows here as soon as one does. Old traces are removed once the store is full.
        </EmptyState>
      ) : (
        <ErrorState
          title="The trace cannot be read"
          detail={trace.error?.message}
          onRetry={() => void trace.refetch()}
        />
      )}
    </Page>
  );
}

function TraceView({ trace }: { trace: Trace }) {
  const [{ view, span: opened }, setUrl] = useQueryStates(traceParsers);
  const colours = useColours();
  const faults = useFaults();
  const tree = useMemo(() => buildTree(trace.spans), [trace.spans]);
  const originMs = nanoToMs(trace.summary.startUnixNano);
  const bands = faultBands(faults, { fromMs: originMs, toMs: originMs + tree.durationMs });
  const waterfall = useWaterfall({ tree, view, opened, onOpen: (span) => void setUrl({ span }) });
  const { rows, state, setState, select, path } = waterfall;
  const node = opened === null ? null : (tree.byId.get(opened) ?? null);
  const criticalMs = path.reduce(
    (sum, one) => (one.node.id === opened && !one.waiting ? sum + one.toMs - one.fromMs : sum),
    0,
  );
  return (
    <>
      <div className="shrink-0 border-b border-border px-4 py-2 max-md:px-2">
        <TraceFacts summary={trace.summary} tree={tree} />
      </div>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          <div
            role="toolbar"
            aria-label="Waterfall"
            className="flex shrink-0 items-center gap-2 border-b border-border px-4 py-2 max-md:px-2"
          >
            <Segmented
              aria-label="View"
              value={view}
              onValueChange={(next) => {
                waterfall.changeView(next);
                void setUrl({ view: next }, { history: 'push' });
              }}
              options={[
                { value: 'waterfall', label: 'Waterfall' },
                { value: 'path', label: 'Critical path' },
                { value: 'services', label: 'By service' },
              ]}
            />
            <span className="min-w-0 truncate text-sm text-tertiary max-md:hidden">{hints[view]}</span>
            <div className="ml-auto flex shrink-0 items-center gap-1">
              {view === 'path' ? null : (
                <Tool
                  label={state.toggled.size > 0 === (view === 'services') ? 'Collapse all' : 'Expand all'}
                  keys={['*']}
                  onClick={waterfall.toggleAll}
                >
                  {state.toggled.size > 0 === (view === 'services') ? (
                    <ChevronsDownUp aria-hidden />
                  ) : (
                    <ChevronsUpDown aria-hidden />
                  )}
                </Tool>
              )}
              <Tool className="max-md:hidden" label="Zoom in" keys={['+']} onClick={() => waterfall.zoomBy(0.5)}>
                <ZoomIn aria-hidden />
              </Tool>
              <Tool className="max-md:hidden" label="Zoom out" keys={['-']} onClick={() => waterfall.zoomBy(2)}>
                <ZoomOut aria-hidden />
              </Tool>
              <Button
                variant="ghost"
                size="sm"
                className={waterfall.zoomed ? undefined : 'max-md:hidden'}
                disabled={!waterfall.zoomed}
                onClick={waterfall.resetZoom}
              >
                Whole trace
              </Button>
            </div>
          </div>
          {view === 'path' ? <PathSummary path={path} colours={colours} /> : null}
          <Waterfall
            ref={waterfall.grid}
            tree={tree}
            bands={bands}
            originMs={originMs}
            rows={rows}
            state={state}
            onState={setState}
            onZoom={waterfall.zoomBy}
            window={waterfall.window}
            onWindow={waterfall.setWindow}
            critical={view === 'services' ? [] : path}
            emphasis={view === 'path' ? 'path' : 'bars'}
            colours={colours}
            label={`Spans of ${trace.summary.rootService} ${trace.summary.rootName}`}
          />
        </div>
        {node?.span ? (
          <SidePanel
            kind="span"
            label={`Span ${node.span.service} ${node.span.name}`}
            title={spanLabel(node.span).text}
            onClose={() => {
              void setUrl({ span: null });
              waterfall.grid.current?.focus();
            }}
          >
            <SpanPanel
              node={node}
              span={node.span}
              criticalMs={criticalMs}
              colours={colours}
              onSelect={select}
              logs={<SpanLogs traceId={trace.summary.traceId} spanId={node.id} />}
            />
          </SidePanel>
        ) : null}
      </div>
    </>
  );
}

const hints = {
  waterfall: 'Dashed: the way through outbox and topic. Thin line: critical path.',
  path: 'The chain of work that ended last. Dotted: waiting.',
  services: 'One row per service; → opens its spans.',
} as const;

function Tool(props: {
  label: string;
  keys: readonly string[];
  onClick: () => void;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Tooltip content={props.label} keys={props.keys}>
      <Button variant="ghost" size="icon" className={props.className} aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </Button>
    </Tooltip>
  );
}
