'use client';

import { GitCompareArrows } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useRef } from 'react';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { OpenSagaTable } from '#components/sagas/open-saga-table.tsx';
import { stepRows } from '#components/sagas/saga-numbers.ts';
import { openStateLooks, openStates } from '#components/sagas/saga-state.tsx';
import { sagaStyles, styleLooks } from '#components/sagas/saga-styles.ts';
import { StepTable } from '#components/sagas/step-table.tsx';
import { StyleTable } from '#components/sagas/style-table.tsx';
import { keysOf } from '#components/shell/commands.ts';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import type { OpenSagaState } from '#contracts/http/history.ts';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { sagasInput, sagasParsers, sagaWindowNames } from './search-params.ts';
import { useSagas } from './use-sagas.ts';

// Charts measure themselves, so the server has nothing to draw; the table is there for readers without scripts.
const SagaCharts = dynamic(async () => (await import('#components/sagas/saga-charts.tsx')).SagaCharts, {
  ssr: false,
  loading: () => <Skeleton className="m-4 h-72" />,
});

/** Where sagas are, how far they come, and what takes long, in both styles. */
export function Sagas() {
  const [url, setUrl] = useQueryStates(sagasParsers);
  const small = useSmallScreen();
  const stateSelect = useRef<HTMLSelectElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { view, down } = useSagas(sagasInput(url));
  useListKeys(list);
  useViewCommand('filter', () => stateSelect.current?.focus());
  const shown = url.view ?? (small ? 'table' : 'charts');
  useViewCommand('earlier', () => void setUrl({ view: 'charts' }));
  useViewCommand('later', () => void setUrl({ view: 'table' }));
  const { data } = view;
  return (
    <Page
      title="Sagas"
      actions={
        <>
          <Segmented
            aria-label="Sagas that began in the last"
            value={url.window}
            onValueChange={(window) => void setUrl({ window }, { history: 'push' })}
            options={sagaWindowNames.map((value) => ({ value, label: value }))}
          />
          <Tooltip content="One order in both styles" keys={keysOf('sagas.twin')}>
            <Button asChild>
              <Link href="/sagas/twin" aria-label="Twin run">
                <GitCompareArrows aria-hidden />
                <span className="max-md:hidden">Twin run</span>
              </Link>
            </Button>
          </Tooltip>
        </>
      }
    >
      {!data ? (
        view.isError ? (
          <ErrorState title="Sagas cannot be read" detail={view.error.message} onRetry={() => void view.refetch()} />
        ) : (
          <>
            <SkeletonRows rows={3} label="Loading sagas" />
            <Skeleton className="h-72" />
          </>
        )
      ) : (
        <>
          {down ? <PartialNote>Sagas may be out of date: {down}.</PartialNote> : null}
          <Panel
            title="Both styles"
            note={data.stats.capped ? 'the newest 2 000 of the window' : null}
            className="shrink-0"
          >
            <StyleTable styles={data.stats.styles} />
          </Panel>
          <Panel
            title="Steps"
            note={<span className="max-md:hidden">conversion, and time since what a step waits for</span>}
            className="shrink-0"
            actions={
              <Segmented<'charts' | 'table'>
                aria-label="Steps as"
                value={shown}
                onValueChange={(next) => void setUrl({ view: next })}
                options={[
                  { value: 'charts', label: 'Charts' },
                  { value: 'table', label: 'Table' },
                ]}
              />
            }
          >
            {data.stats.styles.every(({ sagas }) => sagas === 0) ? (
              <EmptyState title="No saga began in this window" command="npm run orrery -- order --count 20">
                Choose a longer one, or place orders.
              </EmptyState>
            ) : shown === 'charts' ? (
              <SagaCharts stats={data.stats} />
            ) : (
              <StepTable rows={data.stats.styles.flatMap(stepRows)} />
            )}
          </Panel>
          <Panel
            title="Not ended"
            note={<span className="max-md:hidden">longest silence first</span>}
            className="shrink-0"
            actions={
              <>
                <Select<OpenSagaState | ''>
                  ref={stateSelect}
                  aria-label="State"
                  value={url.state ?? ''}
                  onValueChange={(value) => void setUrl({ state: value || null }, { history: 'push' })}
                  options={[
                    { value: '', label: 'Any state' },
                    ...openStates.map((value) => ({ value, label: openStateLooks[value].word })),
                  ]}
                />
                <Select<SagaStyle | ''>
                  aria-label="Style"
                  value={url.style ?? ''}
                  onValueChange={(value) => void setUrl({ style: value || null }, { history: 'push' })}
                  options={[
                    { value: '', label: 'Any style' },
                    ...sagaStyles.map((value) => ({ value, label: styleLooks[value].title })),
                  ]}
                />
              </>
            }
          >
            <div ref={list}>
              {data.open.sagas.length === 0 ? (
                <EmptyState title={url.state || url.style ? 'No open saga fits this filter' : 'Every saga has ended'}>
                  One that waits, is undone or is stuck stays here until it has ended.
                </EmptyState>
              ) : (
                <OpenSagaTable sagas={data.open.sagas} />
              )}
              {data.open.hasMore ? <PartialNote>There are more: the first 100 are shown.</PartialNote> : null}
            </div>
          </Panel>
        </>
      )}
    </Page>
  );
}
