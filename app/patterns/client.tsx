'use client';

import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { groupTitles } from '#components/patterns/pattern-groups.ts';
import { PatternPanel } from '#components/patterns/pattern-panel.tsx';
import { patternViews, type ServicePattern, silentServices, switchedOff } from '#components/patterns/patterns-view.ts';
import { SwitchOffDialog } from '#components/patterns/switch-off-dialog.tsx';
import { Page } from '#components/shell/page.tsx';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import { useTRPC } from '../_client/trpc.ts';
import { patternsParsers, shows } from './search-params.ts';
import { usePatternSwitch, usePatterns, useReplay } from './use-patterns.ts';

/** What keeps the fleet reliable: every pattern of every service with its figures, and switches to see what each is for. */
export function Patterns() {
  const [filter, setUrl] = useQueryStates(patternsParsers);
  const [asked, setAsked] = useState<ServicePattern | null>(null);
  const trpc = useTRPC();
  const topology = useQuery(trpc.processes.topology.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const { patterns, down } = usePatterns();
  const { mutate } = usePatternSwitch();
  const { mutate: replay } = useReplay();
  const colours = useMemo(
    () => new Map((topology.data?.processes ?? []).map(({ name, colour }) => [name, colour])),
    [topology.data],
  );
  const services = patterns.data ?? [];
  const off = switchedOff(services);
  const views = patternViews(services, filter);
  const turn = ({ service, status }: ServicePattern, enabled: boolean) =>
    mutate({ service, pattern: status.pattern, enabled });
  const step = (by: number) =>
    void setUrl({ show: shows[(shows.indexOf(filter.show) + by + shows.length) % shows.length] ?? 'all' });
  useViewCommand('earlier', () => step(-1));
  useViewCommand('later', () => step(1));
  return (
    <Page title="Patterns" layout="fill" note={off.length > 0 ? `${off.length} switched off` : null}>
      <div className="flex shrink-0 flex-wrap items-center gap-2 border-b border-border px-4 py-2 max-md:px-2">
        <Segmented
          aria-label="Patterns of"
          value={filter.show}
          onValueChange={(show) => void setUrl({ show }, { history: 'push' })}
          options={[
            { value: 'all', label: 'All' },
            { value: 'calls', label: groupTitles.calls },
            { value: 'messages', label: groupTitles.messages },
            { value: 'edge', label: groupTitles.edge },
            { value: 'off', label: 'Off' },
          ]}
        />
        <Select
          aria-label="Service"
          value={filter.service ?? ''}
          onValueChange={(service) => void setUrl({ service: service === '' ? null : service }, { history: 'push' })}
          options={[
            { value: '', label: 'Every service' },
            ...services.map(({ service }) => ({ value: service, label: service })),
          ]}
        />
        {off.length > 0 ? (
          <Button
            className="ml-auto"
            onClick={() => {
              for (const one of off) turn(one, true);
            }}
          >
            Switch everything on
          </Button>
        ) : null}
      </div>
      {down !== null && patterns.data ? <PartialNote>Figures are out of date: {down}.</PartialNote> : null}
      {silentServices(services).map(({ service, reason }) => (
        <PartialNote key={service}>
          Patterns of {service} are missing: {reason}.
        </PartialNote>
      ))}
      <div className="grid min-h-0 flex-1 auto-rows-max content-start gap-4 overflow-y-auto p-4 max-md:gap-2 max-md:p-2 2xl:grid-cols-2">
        {patterns.isPending ? (
          <SkeletonRows rows={14} label="Loading patterns" />
        ) : patterns.isError && !patterns.data ? (
          <ErrorState
            title="Patterns cannot be read"
            detail={patterns.error.message}
            onRetry={() => void patterns.refetch()}
          />
        ) : views.length === 0 ? (
          <Nothing
            show={filter.show}
            service={filter.service}
            onAll={() => void setUrl({ show: 'all', service: null }, { history: 'push' })}
          />
        ) : (
          views.map((view) => (
            <PatternPanel
              key={view.pattern}
              view={view}
              colours={colours}
              onReplay={replay}
              onSwitch={(one, enabled) => (enabled ? turn(one, true) : setAsked(one))}
            />
          ))
        )}
      </div>
      <SwitchOffDialog
        of={asked}
        onCancel={() => setAsked(null)}
        onConfirm={(one) => {
          turn(one, false);
          setAsked(null);
        }}
      />
    </Page>
  );
}

function Nothing({ show, service, onAll }: { show: string; service: string | null; onAll: () => void }) {
  const action = <Button onClick={onAll}>Show all patterns</Button>;
  if (show === 'off') return <EmptyState title="Nothing is switched off" action={action} />;
  if (service !== null || show !== 'all')
    return <EmptyState title={`No such pattern${service === null ? '' : ` in ${service}`}`} action={action} />;
  return (
    <EmptyState title="No service tells of its patterns" command="npm start">
      They appear here once the fleet runs.
    </EmptyState>
  );
}
