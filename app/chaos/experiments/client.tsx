'use client';

import { useQueryStates } from 'nuqs';
import { useRef } from 'react';
import { PlanPanel } from '#components/experiments/plan-panel.tsx';
import { ReadyList } from '#components/experiments/ready-list.tsx';
import { RunList } from '#components/experiments/run-list.tsx';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { PatternRef } from '#contracts/sandbox/experiment-file.ts';
import { RunReport } from './run-report.tsx';
import { experimentParsers } from './search-params.ts';
import { useExperiments } from './use-experiments.ts';

const crumbs = [{ title: 'Chaos', href: '/chaos' }];

/** Load, faults on a timeline and what must hold: run one, follow it, read what came of it. */
export function Experiments() {
  const [url, setUrl] = useQueryStates(experimentParsers);
  const { ready, runs, run, other, shown, live, start, stop } = useExperiments(url.run);
  const list = useRef<HTMLDivElement>(null);
  useListKeys(list);
  const known = ready.data ?? [];
  const chosen = known.find(({ name }) => name === url.name) ?? known[0];
  const busy = start.isPending || (runs.data ?? []).some(({ phase }) => phase !== 'over');
  const begin = (name: string, without: PatternRef | null) =>
    start.mutate(
      { name, seed: url.seed, without },
      { onSuccess: (started) => void setUrl({ name, run: started.run }) },
    );
  return (
    <Page title="Experiments" crumbs={crumbs} note={busy ? 'one runs' : undefined}>
      <div className="grid auto-rows-max gap-4 max-md:gap-2 lg:grid-cols-[320px_minmax(0,1fr)]">
        <div ref={list} className="min-w-0">
          <Panel title="Ready" note="files of experiments/">
            {ready.isPending ? (
              <SkeletonRows rows={9} label="Loading experiments" />
            ) : ready.isError ? (
              <ErrorState
                title="Experiments cannot be read"
                detail={ready.error.message}
                onRetry={() => void ready.refetch()}
              />
            ) : known.length === 0 ? (
              <EmptyState title="No file there">Put one into the folder experiments/.</EmptyState>
            ) : (
              <ReadyList
                experiments={known}
                selected={chosen?.name ?? null}
                hrefOf={(name) => `/chaos/experiments?name=${name}`}
              />
            )}
          </Panel>
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-2">
          {chosen === undefined ? null : (
            <PlanPanel
              ready={chosen}
              seed={url.seed}
              onSeed={(seed) => void setUrl({ seed })}
              blocked={busy ? 'An experiment runs: wait for its end or stop it.' : null}
              onStart={() => begin(chosen.name, null)}
              onCompare={(without) => begin(chosen.name, without)}
            />
          )}
          {run.data ? (
            <RunReport
              run={run.data}
              other={other.data ?? null}
              note={live.state === 'reconnecting' && run.data.phase !== 'over' ? 'the stream is interrupted' : null}
              onStop={(id) => stop.mutate({ run: id })}
            />
          ) : (
            <Panel title="Run">
              {run.isError ? (
                <ErrorState
                  title="The run cannot be read"
                  detail={run.error.message}
                  onRetry={() => void run.refetch()}
                />
              ) : shown !== null || runs.isPending ? (
                <SkeletonRows rows={6} label="Loading the run" />
              ) : (
                <EmptyState title="Nothing was run yet" command="npm run orrery -- chaos run broker-outage">
                  Choose an experiment, see what it will do, and run it. It takes about a minute and rolls back by
                  itself.
                </EmptyState>
              )}
            </Panel>
          )}
          {runs.data && runs.data.length > 0 ? (
            <Panel title="Runs" note="newest first">
              <RunList runs={runs.data} selected={shown} hrefOf={(id) => `/chaos/experiments?run=${id}`} />
            </Panel>
          ) : null}
        </div>
      </div>
    </Page>
  );
}
