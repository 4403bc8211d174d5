'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { FlaskConical, OctagonX } from 'lucide-react';
import Link from 'next/link';
import { useQueryStates } from 'nuqs';
import { useRef } from 'react';
import { armHref } from '#components/chaos/arm-href.ts';
import { FaultCatalogue } from '#components/chaos/fault-catalogue.tsx';
import { chooseFault } from '#components/chaos/fault-choice.ts';
import { FaultForm } from '#components/chaos/fault-form.tsx';
import { ActiveFaults, FaultHistory } from '#components/chaos/fault-table.tsx';
import { keysOf } from '#components/shell/commands.ts';
import { Page } from '#components/shell/page.tsx';
import { useListKeys } from '#components/shell/use-list-keys.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useToast } from '#components/ui/toast.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { isActive } from '#contracts/sandbox/chaos-limits.ts';
import { useTRPC } from '../_client/trpc.ts';
import { useChaos } from '../_client/use-chaos.ts';
import { chaosParsers } from './search-params.ts';

/** Break something on purpose, see it bite, and see it end. */
export function ChaosPage() {
  const trpc = useTRPC();
  const toast = useToast();
  const [url, setUrl] = useQueryStates(chaosParsers);
  const catalogue = useQuery(trpc.chaos.catalogue.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const { state, stopAll } = useChaos();
  const list = useRef<HTMLDivElement>(null);
  useListKeys(list);
  const inject = useMutation(
    trpc.chaos.inject.mutationOptions({
      onError: (error) => toast({ tone: 'error', title: 'The fault was not armed', detail: error.message }),
    }),
  );
  const stop = useMutation(
    trpc.chaos.stop.mutationOptions({
      onError: (error) => toast({ tone: 'error', title: 'The fault was not stopped', detail: error.message }),
    }),
  );
  const known = catalogue.data ?? [];
  const { fault, target, fitting, problem } = chooseFault(known, url);
  const active = state.data?.faults.filter(isActive) ?? [];
  const ended = state.data?.faults.filter((run) => !isActive(run)) ?? [];
  const other = active.find((run) => run.target === target?.id);
  const given = {
    ...(url.order === null ? {} : { orderId: url.order }),
    ...(url.style === null ? {} : { style: url.style }),
  };
  /** A fault that fits keeps what was asked for; any other begins anew. */
  const hrefOf = (name: string) => {
    const fits = fitting.some((one) => one.name === name);
    return armHref({ fault: name, target: fits ? url.target : null, order: url.order, style: url.style });
  };
  const blocked = state.data?.stopped
    ? `All faults are stopped: ${state.data.stopped.reason}. Release them first.`
    : other
      ? `${other.title} is on this target.`
      : null;
  return (
    <Page
      title="Chaos"
      note={active.length === 0 ? 'nothing is broken on purpose' : `${active.length} on`}
      actions={
        <>
          <Tooltip content="Faults on a timeline, with a verdict" keys={keysOf('chaos.experiments')}>
            <Button asChild>
              <Link href="/chaos/experiments" aria-label="Experiments">
                <FlaskConical aria-hidden />
                <span className="max-md:hidden">Experiments</span>
              </Link>
            </Button>
          </Tooltip>
          {/* While a fault is on or all are stopped, the lever is on the bar above. */}
          {active.length > 0 || state.data?.stopped ? null : (
            <Button variant="danger" onClick={() => stopAll.mutate({})}>
              <OctagonX aria-hidden />
              Stop all
            </Button>
          )}
        </>
      }
    >
      <div className="grid auto-rows-max gap-4 max-md:gap-2 lg:grid-cols-[320px_minmax(0,1fr)]">
        <div ref={list} className="min-w-0 max-lg:order-last">
          {catalogue.isPending ? (
            <Panel title="Catalogue">
              <SkeletonRows rows={16} label="Loading the catalogue" />
            </Panel>
          ) : catalogue.isError ? (
            <Panel title="Catalogue">
              <ErrorState
                title="The catalogue cannot be read"
                detail={catalogue.error.message}
                onRetry={() => void catalogue.refetch()}
              />
            </Panel>
          ) : (
            <FaultCatalogue
              faults={known}
              selected={fault?.name ?? null}
              fitting={url.target === null ? null : { target: url.target, faults: fitting }}
              hrefOf={hrefOf}
            />
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-2">
          {problem === null || catalogue.isPending ? null : (
            <Panel title="Arm">
              <p role="alert" className="p-4">
                {problem}
              </p>
            </Panel>
          )}
          {fault === null ? null : (
            <FaultForm
              // Its fields are another fault's: what was typed does not carry over.
              key={fault.name}
              fault={fault}
              target={target}
              given={given}
              onTarget={(id) => void setUrl({ fault: fault.name, target: id })}
              blocked={blocked}
              busy={inject.isPending}
              onArm={(order) => inject.mutate(order)}
            />
          )}
          {/* Below the form, which stays where it is when a fault begins or ends. */}
          <Panel title="On now" note={active.length > 0 ? 'each ends by itself' : undefined}>
            {state.isError && state.data ? (
              <PartialNote>This may be out of date: {state.error.message}.</PartialNote>
            ) : null}
            {state.isPending ? (
              <SkeletonRows rows={2} label="Loading faults" />
            ) : state.data === undefined ? (
              <ErrorState
                title="Faults cannot be read"
                detail={state.error?.message}
                onRetry={() => void state.refetch()}
              />
            ) : active.length === 0 ? (
              <EmptyState
                title="No fault is on"
                command="npm run orrery -- chaos inject latency gateway-orders-http --ttl 30s"
              >
                Choose one, see whom it touches, and arm it. It ends by itself.
              </EmptyState>
            ) : (
              <ActiveFaults faults={active} onStop={(id) => stop.mutate({ id })} />
            )}
          </Panel>
          {ended.length === 0 ? null : (
            <Panel title="Earlier" note="newest first">
              <FaultHistory faults={ended} />
            </Panel>
          )}
        </div>
      </div>
    </Page>
  );
}
