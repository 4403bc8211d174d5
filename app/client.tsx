'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { LatestOrders } from '#components/orders/latest-orders.tsx';
import { latestOrders } from '#components/orders/order-list.ts';
import { ProcessTable, processSummary } from '#components/processes/process-table.tsx';
import { InvariantLine } from '#components/proof/invariant-line.tsx';
import { Page } from '#components/shell/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { OrderView } from '#contracts/http/history.ts';
import { useTRPC } from './_client/trpc.ts';
import { useFaults } from './_client/use-chaos.ts';
import { useProcessAction } from './_client/use-process-action.ts';
import { overviewParsers } from './search-params.ts';
import { useOverviewStream } from './use-overview-stream.ts';

// Most visits open no process: what its panel needs comes with the first one.
const ProcessDetail = dynamic(async () => (await import('./process-detail.tsx')).ProcessDetail, {
  ssr: false,
});

/** Is it healthy? One row per process and the latest orders, pushed. */
export function Overview() {
  const [{ process: selected }, setUrl] = useQueryStates(overviewParsers);
  const down = useOverviewStream();
  const trpc = useTRPC();
  const processes = useQuery(trpc.processes.list.queryOptions());
  const shown = processes.data?.find(({ name }) => name === selected);
  // Opening and closing are steps that Back undoes; moving on while it is open is not.
  const select = (name: string | null) =>
    void setUrl({ process: name }, { history: selected && name ? 'replace' : 'push' });
  return (
    <Page title="Overview" layout="fill" note={processes.data ? processSummary(processes.data) : null}>
      <div className="flex min-h-0 flex-1">
        <div className="grid min-h-0 min-w-0 flex-1 auto-rows-max content-start gap-4 overflow-y-auto p-4 max-md:gap-2 max-md:p-2 2xl:grid-cols-[minmax(0,1fr)_420px]">
          <ProofLine down={down.get('auditor') ?? null} />
          <ProcessesPanel selected={selected} onSelect={select} down={down} />
          <OrdersPanel down={down.get('history') ?? null} />
        </div>
        {shown ? <ProcessDetail process={shown} onClose={() => select(null)} /> : null}
      </div>
    </Page>
  );
}

/** All invariants in one line; what is wrong is named there. */
function ProofLine({ down }: { down: string | null }) {
  const board = useQuery(useTRPC().audit.board.queryOptions());
  return (
    <InvariantLine
      board={board.data ?? null}
      problem={down ?? (board.isError ? board.error.message : null)}
      className="2xl:col-span-2"
    />
  );
}

type Down = ReadonlyMap<string, string>;

function ProcessesPanel(props: { selected: string | null; onSelect: (name: string) => void; down: Down }) {
  const { selected, onSelect, down } = props;
  const trpc = useTRPC();
  const act = useProcessAction();
  const faults = useFaults();
  const processes = useQuery(trpc.processes.list.queryOptions());
  const topology = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const red = useQuery(trpc.overview.red.queryOptions());
  const telemetryDown = down.get('telemetry') ?? (red.isError ? red.error.message : null);
  const supervisorDown = processes.data ? down.get('supervisor') : undefined;
  return (
    <Panel title="Processes" note="rates over the last minute">
      {supervisorDown ? <PartialNote>States may be out of date: {supervisorDown}.</PartialNote> : null}
      {telemetryDown ? <PartialNote>Rates are missing or out of date: {telemetryDown}.</PartialNote> : null}
      {processes.isPending ? (
        <SkeletonRows rows={14} label="Loading processes" />
      ) : processes.isError && !processes.data ? (
        <ErrorState
          title="Processes cannot be read"
          detail={processes.error.message}
          onRetry={() => void processes.refetch()}
        />
      ) : processes.data.length === 0 ? (
        <EmptyState title="No processes" command="npm start">
          The fleet appears here once the supervisor runs it.
        </EmptyState>
      ) : (
        <ProcessTable
          processes={processes.data}
          red={new Map((red.data?.services ?? []).map((one) => [one.service, one]))}
          colours={new Map((topology.data?.processes ?? []).map(({ name, colour }) => [name, colour]))}
          faults={faults}
          selected={selected}
          hrefOf={(name) => `/?process=${name}`}
          onSelect={onSelect}
          onAction={act}
        />
      )}
    </Panel>
  );
}

function OrdersPanel({ down }: { down: string | null }) {
  const trpc = useTRPC();
  const orders = useQuery({
    ...trpc.overview.latestOrders.queryOptions(),
    // An answer may arrive after the stream has told more.
    structuralSharing: (before, answer) =>
      latestOrders(answer as OrderView[], (before as OrderView[] | undefined) ?? []),
  });
  return (
    <Panel
      title="Latest orders"
      className="self-start"
      actions={
        <Button asChild variant="ghost" size="sm">
          <Link href="/orders">All orders</Link>
        </Button>
      }
    >
      {down && orders.data ? <PartialNote>Orders may be out of date: {down}.</PartialNote> : null}
      {orders.isPending ? (
        <SkeletonRows rows={6} label="Loading orders" />
      ) : orders.isError && !orders.data ? (
        <ErrorState title="Orders cannot be read" detail={orders.error.message} onRetry={() => void orders.refetch()} />
      ) : orders.data.length === 0 ? (
        <EmptyState title="No orders yet" command="npm run orrery -- order --count 5">
          Every order appears here as it moves from created to confirmed.
        </EmptyState>
      ) : (
        <LatestOrders orders={orders.data} />
      )}
    </Panel>
  );
}
