'use client';

import { CircleAlert, ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { type ReactNode, useCallback } from 'react';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { SagaGraph } from '#components/graph/saga/saga-graph.tsx';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { OrderStatusLabel } from '#components/orders/order-status.tsx';
import { presets } from '#components/orders/presets.ts';
import { sagaCaption, sagaSteps } from '#components/orders/saga.ts';
import { SagaList } from '#components/orders/saga-list.tsx';
import { styleLooks } from '#components/sagas/saga-styles.ts';
import { type Twin, twinFigures } from '#components/sagas/twin.ts';
import { TwinSteps } from '#components/sagas/twin-steps.tsx';
import { TwinTable } from '#components/sagas/twin-table.tsx';
import { Page } from '#components/shell/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { SagaStyle } from '#contracts/http/orders.ts';
import { useOrderStory } from '../../orders/[id]/use-order-story.ts';
import { useColours } from '../../orders/use-names.ts';
import { twinParsers } from './search-params.ts';
import { useTwins } from './use-twins.ts';

const crumbs = [{ title: 'Sagas', href: '/sagas' }];

/** The same order in both styles at the same time: steps, messages, latency and recovery beside each other. */
export function TwinRun() {
  const [{ preset, choreography, orchestration }, setUrl] = useQueryStates(twinParsers);
  const twins = useTwins(preset, (ids) => void setUrl(ids, { history: 'push' }));
  const placed = choreography !== null && orchestration !== null;
  return (
    <Page
      title="Twin run"
      crumbs={crumbs}
      actions={
        <Button variant="primary" aria-disabled={twins.busy} onClick={() => !twins.busy && twins.place()}>
          {twins.busy ? 'Placing…' : placed ? 'Run again' : 'Place both'}
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Select
          aria-label="What is ordered"
          value={preset}
          onValueChange={(value) => void setUrl({ preset: value })}
          options={presets.map(({ id, title }) => ({ value: id, label: title }))}
        />
        <span className="text-sm text-secondary">{presets.find(({ id }) => id === preset)?.story}</span>
      </div>
      {twins.problem ? (
        <p role="alert" className="flex items-start gap-1.5 text-sm">
          <CircleAlert className="size-4 shrink-0 stroke-[1.5] text-error" aria-hidden />
          {twins.problem}
        </p>
      ) : null}
      {placed ? (
        <Compared key={`${choreography} ${orchestration}`} ids={{ choreography, orchestration }} />
      ) : (
        <EmptyState title="No twins yet" command="npm run orrery -- order --count 1">
          “Place both” orders the same basket once in each style. Kill or pause a process meanwhile, and see how each of
          them recovers.
        </EmptyState>
      )}
    </Page>
  );
}

/** Two streams, which is all that a view may have. */
function Compared({ ids }: { ids: Record<SagaStyle, string> }) {
  const left = useTwin(ids.choreography);
  const right = useTwin(ids.orchestration);
  const twins = [left.twin, right.twin] as const;
  return (
    <>
      {[...new Map([...left.down, ...right.down])].map(([source, reason]) => (
        <PartialNote key={source}>
          {source === 'history' ? 'Steps' : source === 'spans' ? 'Spans, and what is counted of them,' : 'Log lines'}{' '}
          may be out of date: {reason}.
        </PartialNote>
      ))}
      <div className="grid shrink-0 gap-4 max-md:gap-2 xl:grid-cols-2">
        <Side style="choreography" id={ids.choreography} {...left} />
        <Side style="orchestration" id={ids.orchestration} {...right} />
      </div>
      <div className="grid shrink-0 items-start gap-4 max-md:gap-2 xl:grid-cols-2">
        <Panel title="Steps" note="time since each was placed">
          <TwinSteps twins={twins} />
        </Panel>
        <Panel title="Figures" note={<span className="max-md:hidden">steps, messages, latency, recovery</span>}>
          <TwinTable
            figures={[left.twin ? twinFigures(left.twin) : null, right.twin ? twinFigures(right.twin) : null]}
          />
        </Panel>
      </div>
    </>
  );
}

function useTwin(id: string) {
  const { story, spans, down } = useOrderStory(id);
  const twin: Twin | null = story.data ? { ...story.data, spans } : null;
  return { twin, down, failed: story.isError && !story.data ? story.error.message : null };
}

type SideProps = { style: SagaStyle; id: string; twin: Twin | null; failed: string | null };

function Side({ style, id, twin, failed }: SideProps) {
  const colours = useColours();
  const small = useSmallScreen();
  const router = useRouter();
  const open = useCallback((message: string) => router.push(`/orders/${id}?line=${message}`), [router, id]);
  let body: ReactNode = <Skeleton className="m-4 h-52" />;
  let note: ReactNode = null;
  if (failed !== null) body = <ErrorState title="This order cannot be read" detail={failed} />;
  if (twin) {
    const steps = sagaSteps(twin.order, twin.timeline);
    const caption = sagaCaption(twin.order, steps, durationText);
    note = <OrderStatusLabel status={twin.order.status} className="text-foreground" />;
    body = (
      <>
        {small ? (
          <SagaList steps={steps} colours={colours} brief />
        ) : (
          <SagaGraph
            style={twin.order.sagaStyle}
            steps={steps}
            colours={colours}
            caption={caption}
            onOpen={open}
            orderId={twin.order.finishedAt === null ? twin.order.id : null}
          />
        )}
        <p className="border-t border-border px-4 py-2 text-sm text-secondary">{caption}</p>
      </>
    );
  }
  return (
    <Panel
      title={styleLooks[style].title}
      note={note}
      actions={
        <Button asChild variant="ghost">
          <Link href={`/orders/${id}`}>
            <ExternalLink aria-hidden />
            <span className="font-mono">{shortId(id)}</span>
          </Link>
        </Button>
      }
    >
      {body}
    </Panel>
  );
}
