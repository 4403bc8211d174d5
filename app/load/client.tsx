'use client';

import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { LatencyTable } from '#components/load/latency-table.tsx';
import { LoadForm } from '#components/load/load-form.tsx';
import { asCli } from '#components/load/load-plan.ts';
import { RunTable } from '#components/load/run-table.tsx';
import { SampleTable } from '#components/load/sample-table.tsx';
import { completeSamples, loadBands, toPoints } from '#components/load/samples.ts';
import { Page } from '#components/shell/page.tsx';
import { cn } from '#components/ui/cn.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import type { LoadPlan, LoadRun } from '#contracts/sandbox/load.ts';
import { isOver } from '#contracts/sandbox/load-limits.ts';
import { useFaults } from '../_client/use-chaos.ts';
import { RunPanel } from './run-panel.tsx';
import { loadParsers, paramsOf, planOf } from './search-params.ts';
import { useRuns } from './use-runs.ts';

// A chart measures itself, so the server has nothing to draw, and its library is not carried by other pages.
const LoadCharts = dynamic(async () => (await import('#components/load/load-charts.tsx')).LoadCharts, {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-96" />,
});

/** Load on the fleet: a plan, the run as it goes, and the runs before it. */
export function Load() {
  const [params, setUrl] = useQueryStates(loadParsers);
  const { runs, live, start, changeRate, stop } = useRuns();
  const plan = planOf(params);
  const change = useCallback((changed: Partial<LoadPlan>) => void setUrl(paramsOf(changed)), [setUrl]);
  const list = runs.data ?? [];
  const shown = list.find(({ run }) => run === params.run) ?? (params.run === null ? (list[0] ?? null) : null);
  const busy = start.isPending || list.some((run) => !isOver(run));
  return (
    <Page title="Load" layout="fill" note="open loop: latency counts from when an order was due">
      <div className="grid min-h-0 flex-1 auto-rows-max gap-4 overflow-y-auto p-4 max-md:gap-2 max-md:p-2 lg:grid-cols-[380px_minmax(0,1fr)]">
        <Panel
          title="Plan"
          note="runs in a process of its own"
          className="self-start lg:sticky lg:top-0"
          actions={<CopyButton value={asCli(plan)} label="Copy the plan as a command" />}
        >
          <LoadForm
            plan={plan}
            onChange={change}
            busy={busy}
            onStart={() => start.mutate(plan, { onSuccess: () => void setUrl({ run: null }) })}
          />
        </Panel>
        <div className={cn('flex min-w-0 flex-col gap-4 max-md:gap-2', busy && 'max-lg:order-first')}>
          {runs.isPending ? (
            <Panel title="Run">
              <SkeletonRows rows={8} label="Loading runs" />
            </Panel>
          ) : runs.isError && !runs.data ? (
            <Panel title="Run">
              <ErrorState title="Runs cannot be read" detail={runs.error.message} onRetry={() => void runs.refetch()} />
            </Panel>
          ) : shown === null ? (
            <Panel title="Run">
              <EmptyState
                title={params.run === null ? 'No run yet' : `Run ${params.run} is not remembered`}
                command="npm run orrery -- load --rate 20 --for 1m"
              >
                Start one here, or from a terminal.
              </EmptyState>
            </Panel>
          ) : (
            <Shown
              run={shown}
              view={params.view}
              note={live.state === 'reconnecting' && !isOver(shown) ? 'the stream is interrupted' : null}
              onView={(view) => void setUrl({ view })}
              onRate={(ratePerSecond) => changeRate.mutate({ run: shown.run, ratePerSecond })}
              onStop={() => stop.mutate({ run: shown.run })}
            />
          )}
          {list.length === 0 ? null : (
            <Panel title="Runs" note="newest first">
              <RunTable
                runs={list}
                selected={shown?.run ?? null}
                hrefOf={(run) => `/load?run=${run}`}
                historyHrefOf={(run) => `/api/load/${run}/history`}
              />
            </Panel>
          )}
        </div>
      </div>
    </Page>
  );
}

type ShownProps = {
  run: LoadRun;
  view: 'chart' | 'table';
  note: string | null;
  onView: (view: 'chart' | 'table') => void;
  onRate: (ratePerSecond: number) => void;
  onStop: () => void;
};

function Shown({ run, view, note, onView, onRate, onStop }: ShownProps) {
  const faults = useFaults();
  const points = toPoints(completeSamples(run));
  return (
    <>
      <RunPanel run={run} note={note} onRate={onRate} onStop={onStop} />
      <Panel title="Latency" note="from when an order was due">
        <LatencyTable run={run} />
      </Panel>
      <Panel
        title="Over time"
        note="per second, and p95 of each span"
        actions={
          <Segmented<'chart' | 'table'>
            aria-label="Over time as"
            value={view}
            onValueChange={onView}
            options={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
        }
      >
        {points.length === 0 ? (
          <EmptyState title="Nothing measured yet">The first second is not over.</EmptyState>
        ) : view === 'chart' ? (
          <LoadCharts points={points} bands={loadBands(faults, run, points)} />
        ) : (
          <div className="max-h-96 overflow-y-auto">
            <SampleTable points={points} />
          </div>
        )}
        {note ? <PartialNote>Figures may be out of date: {note}.</PartialNote> : null}
      </Panel>
    </>
  );
}
