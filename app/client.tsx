'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ProcessStateLabel } from '#components/processes/process-state.tsx';
import { Page } from '#components/shell/page.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { useTRPC } from './_client/trpc.ts';
import { useLive } from './_client/use-live.ts';

export function Overview() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const processes = useQuery(trpc.processes.list.queryOptions());
  useLive(
    trpc.processes.stream.subscriptionOptions(undefined, {
      onData: ({ data }) =>
        queryClient.setQueryData(trpc.processes.list.queryKey(), (before = []) =>
          before.some(({ name }) => name === data.name)
            ? before.map((process) => (process.name === data.name ? data : process))
            : [...before, data],
        ),
    }),
  );
  return (
    <Page title="Overview">
      <Panel title="Processes">
        {processes.data?.map((process) => (
          <p key={process.name}>
            {process.name} <ProcessStateLabel state={process.state} />
          </p>
        ))}
      </Panel>
    </Page>
  );
}
