'use client';

import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { asCommand, type ChosenOptions, toChosen, toPairs, zipHref } from '#components/export/chosen-options.ts';
import { ExportForm } from '#components/export/export-form.tsx';
import { FindingList } from '#components/export/finding-list.tsx';
import { Page } from '#components/shell/page.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';
import type { ExportTarget } from '#contracts/sandbox/export.ts';
import { useTRPC } from '../_client/trpc.ts';
import { FilesPanel } from './files-panel.tsx';
import { exportParsers } from './search-params.ts';
import { useExport } from './use-export.ts';

const noTargets: ExportTarget[] = [];

/** The system as files for production: options, files with what an option changes in them, findings, download. */
export function ExportPage() {
  const trpc = useTRPC();
  const form = useQuery(trpc.export.form.queryOptions());
  const [url, setUrl] = useQueryStates(exportParsers);
  const all = form.data?.targets ?? noTargets;
  const targets = useMemo(
    () => (url.target.length === 0 ? all : all.filter((one) => url.target.includes(one))),
    [all, url.target],
  );
  const options = useMemo(() => toChosen(url.option), [url.option]);
  const against = useMemo(() => toChosen(url.against), [url.against]);
  const compared = JSON.stringify(options) !== JSON.stringify(against);
  const view = url.view ?? (compared ? 'changes' : 'file');
  const { overview, file, settling } = useExport({ targets, options, against }, url.file, view);
  const faults = overview.data?.faults ?? [];
  const choose = (next: ChosenOptions) => void setUrl({ option: toPairs(next) });
  const open = (path: string) => void setUrl({ file: path }, { history: url.file === null ? 'push' : 'replace' });
  const ready = targets.length > 0 && faults.length === 0 && !settling && overview.isSuccess;
  return (
    <Page
      title="Export"
      layout="fill"
      note="rendered from the running topology"
      actions={
        <>
          <CopyButton value={asCommand(targets, all, options)} label="Copy as a command" />
          {ready ? (
            <Button variant="primary" asChild>
              <a href={zipHref(targets, options)} download>
                <Download aria-hidden />
                Download zip
              </a>
            </Button>
          ) : (
            <Button variant="primary" disabled>
              <Download aria-hidden />
              Download zip
            </Button>
          )}
        </>
      }
    >
      {form.isPending ? (
        <SkeletonRows rows={12} label="Loading the options" />
      ) : form.isError ? (
        <ErrorState
          title="The options cannot be read"
          detail={form.error.message}
          onRetry={() => void form.refetch()}
        />
      ) : (
        <div className="grid min-h-0 flex-1 gap-4 overflow-y-auto p-4 max-lg:auto-rows-max max-md:gap-2 max-md:p-2 lg:grid-cols-[300px_minmax(0,1fr)] lg:grid-rows-[minmax(0,1fr)] lg:overflow-hidden">
          <Panel
            title="Options"
            note="as in orrery export"
            className="lg:min-h-0"
            bodyClassName="overflow-y-auto max-lg:max-h-96"
          >
            <ExportForm
              form={form.data}
              targets={targets}
              onTargets={(next) =>
                void setUrl({ target: next.length === all.length ? [] : next.length === 0 ? ['none'] : next })
              }
              options={options}
              onOptions={choose}
              faults={faults}
            />
          </Panel>
          <div className="flex min-w-0 flex-col gap-4 max-md:gap-2 lg:min-h-0">
            <FilesPanel
              overview={overview}
              file={file}
              path={url.file}
              view={view}
              compared={compared}
              onOpen={open}
              onView={(next) => void setUrl({ view: next })}
              onCompareFromHere={() => void setUrl({ against: url.option, view: null })}
              onCompareWithDefaults={
                against === options || url.against.length === 0 ? null : () => void setUrl({ against: [], view: null })
              }
            />
            {overview.data && overview.data.findings.length > 0 ? (
              <Panel
                title="Findings"
                note={`${overview.data.findings.length}, to look at before merging`}
                className="shrink-0 lg:max-h-56"
                bodyClassName="overflow-y-auto"
              >
                <FindingList findings={overview.data.findings} onOpen={open} />
              </Panel>
            ) : null}
          </div>
        </div>
      )}
    </Page>
  );
}
