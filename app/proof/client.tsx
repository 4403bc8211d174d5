'use client';

import { useMutation } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useRef } from 'react';
import { FinalProgress } from '#components/proof/final-progress.tsx';
import { VerdictPanel } from '#components/proof/verdict-panel.tsx';
import { verdictSummary } from '#components/proof/verdict-summary.ts';
import { VerdictTable } from '#components/proof/verdict-table.tsx';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SidePanel } from '#components/ui/side-panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { Ago } from '#components/ui/time.tsx';
import { useToast } from '#components/ui/toast.tsx';
import { useTRPC } from '../_client/trpc.ts';
import { proofParsers } from './search-params.ts';
import { useProof } from './use-proof.ts';

const groups = [
  { title: 'Safety', note: 'must hold at every observation', kinds: ['safety'] },
  { title: 'Liveness', note: 'must hold within the deadline T once every process runs', kinds: ['liveness'] },
  { title: 'Observability and security', note: 'looked at in samples', kinds: ['observability', 'security'] },
] as const;

/** Is it right? Every invariant with its verdict, what was counted for it, and what breaks it. */
export function Proof() {
  const [{ view, verdict: selected }, setUrl] = useQueryStates(proofParsers);
  const { board, final, down } = useProof();
  const list = useRef<HTMLDivElement>(null);
  useListKeys(list);
  useViewCommand('earlier', () => void setUrl({ view: 'live' }));
  useViewCommand('later', () => void setUrl({ view: 'final' }));
  const verdicts = (view === 'live' ? board.data?.verdicts : final.data?.verdicts) ?? [];
  const shown = verdicts.find(({ id }) => id === selected) ?? null;
  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const select = (id: string | null) => void setUrl({ verdict: id }, { history: selected && id ? 'replace' : 'push' });
  const coverage = board.data?.coverage;
  return (
    <Page title="Proof" layout="fill" note={verdicts.length > 0 ? verdictSummary(verdicts) : null}>
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-border px-4 py-2 max-md:px-2">
        <Segmented
          aria-label="Which audit"
          value={view}
          onValueChange={(next) => void setUrl({ view: next }, { history: 'push' })}
          options={[
            { value: 'live', label: 'Continuous' },
            { value: 'final', label: 'Final audit' },
          ]}
        />
        {coverage ? (
          <p className="text-sm text-secondary max-md:hidden" data-slot="coverage">
            {coverage.audited} orders audited, {coverage.waiting} wait, {coverage.messages} messages read
          </p>
        ) : null}
        <FinalButton running={final.data?.state === 'running'} onStarted={() => void setUrl({ view: 'final' })} />
      </div>
      {down && board.data ? <PartialNote>Verdicts may be out of date: {down}.</PartialNote> : null}
      {board.data?.calmSince === null ? (
        <PartialNote>Not every process runs: what must hold in time is judged once they are back.</PartialNote>
      ) : null}
      <div className="flex min-h-0 flex-1">
        <div
          ref={list}
          className="grid min-h-0 min-w-0 flex-1 auto-rows-max content-start gap-4 overflow-y-auto p-4 max-md:gap-2 max-md:p-2"
        >
          {view === 'final' && final.data ? (
            <Panel
              title="Phases"
              note={
                <>
                  started <Ago atMs={Date.parse(final.data.startedAt)} />
                </>
              }
            >
              <FinalProgress audit={final.data} />
            </Panel>
          ) : null}
          {board.isPending ? (
            <SkeletonRows rows={14} label="Loading verdicts" />
          ) : board.isError && !board.data ? (
            <ErrorState
              title="Verdicts cannot be read"
              detail={board.error.message}
              onRetry={() => void board.refetch()}
            />
          ) : view === 'final' && !final.data ? (
            <EmptyState title="No final audit yet" command="npm run orrery -- audit --final">
              It waits until every process runs, every message is handled and no order is open, and then checks
              strictly.
            </EmptyState>
          ) : (
            groups.map(({ title, note, kinds }) => {
              const own = verdicts.filter(({ kind }) => (kinds as readonly string[]).includes(kind));
              return own.length === 0 ? null : (
                <Panel key={title} title={title} note={note}>
                  <VerdictTable label={title} verdicts={own} selected={selected} onSelect={select} />
                </Panel>
              );
            })
          )}
        </div>
        {shown ? (
          <SidePanel
            kind="verdict"
            label={`Invariant ${shown.id}`}
            title={`${shown.id} ${shown.name}`}
            onClose={() => select(null)}
          >
            <VerdictPanel verdict={shown} />
          </SidePanel>
        ) : null}
      </div>
    </Page>
  );
}

function FinalButton({ running, onStarted }: { running: boolean; onStarted: () => void }) {
  const toast = useToast();
  const { mutate, isPending } = useMutation(
    useTRPC().audit.startFinal.mutationOptions({
      onSuccess: onStarted,
      onError: (error) => toast({ tone: 'error', title: 'The final audit did not start', detail: error.message }),
    }),
  );
  return (
    <Button variant="primary" className="ml-auto" disabled={running || isPending} onClick={() => mutate()}>
      {running ? 'Final audit runs…' : 'Run final audit'}
    </Button>
  );
}
