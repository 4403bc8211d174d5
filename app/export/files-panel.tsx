import type { UseQueryResult } from '@tanstack/react-query';
import { type CodeRow, CodeView } from '#components/export/code-view.tsx';
import { FileTree, type TreeFile } from '#components/export/file-tree.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { ScrollArea } from '#components/ui/scroll-area.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { SkeletonRows } from '#components/ui/skeleton.tsx';

type Failure = { message: string };

export type FilesPanelProps = {
  overview: Pick<
    UseQueryResult<{ files: TreeFile[]; faults: unknown[] }, Failure>,
    'data' | 'isPending' | 'isError' | 'error' | 'refetch'
  >;
  file: Pick<
    UseQueryResult<{ path: string; rows: CodeRow[]; text: string }, Failure>,
    'data' | 'isError' | 'error' | 'refetch'
  >;
  path: string | null;
  view: 'file' | 'changes';
  /** False while the options are those that they are compared with. */
  compared: boolean;
  onOpen: (path: string) => void;
  onView: (view: 'file' | 'changes') => void;
  onCompareFromHere: () => void;
  onCompareWithDefaults: (() => void) | null;
};

/** The files as a tree, the open one beside it, whole or what changed in it. */
export function FilesPanel(props: FilesPanelProps) {
  const { overview, path, view, compared } = props;
  const files = overview.data?.files ?? [];
  const changed = files.filter(({ change }) => change !== 'same').length;
  return (
    <Panel
      title="Files"
      note={overview.data ? summary(files.length, changed, props.onCompareWithDefaults === null) : undefined}
      className="flex-1 lg:min-h-0"
      bodyClassName="flex min-h-0 flex-col md:flex-row"
      actions={
        <>
          {props.onCompareWithDefaults ? (
            <Button variant="ghost" onClick={props.onCompareWithDefaults}>
              Compare with defaults
            </Button>
          ) : null}
          {compared && changed > 0 ? (
            <Button variant="ghost" onClick={props.onCompareFromHere}>
              Compare from here
            </Button>
          ) : null}
        </>
      }
    >
      {overview.isPending ? (
        <div className="flex-1">
          <SkeletonRows rows={12} label="Rendering the files" />
        </div>
      ) : overview.isError ? (
        <ErrorState
          className="flex-1"
          title="The files cannot be rendered"
          detail={overview.error?.message}
          onRetry={() => void overview.refetch()}
        />
      ) : (overview.data?.faults.length ?? 0) > 0 ? (
        <EmptyState className="flex-1" title="Nothing is rendered">
          An option cannot be meant as it stands; its field says why.
        </EmptyState>
      ) : (
        <>
          <ScrollArea
            aria-label="File tree"
            className="max-h-72 shrink-0 border-border max-md:border-b md:max-h-none md:w-72 md:border-r"
          >
            <FileTree files={files} selected={path} onSelect={props.onOpen} />
          </ScrollArea>
          <OpenFile {...props} key={`${path} ${view}`} />
        </>
      )}
    </Panel>
  );
}

function OpenFile({ file, path, view, compared, onView }: FilesPanelProps) {
  if (path === null) {
    return (
      <EmptyState className="flex-1" title="No file is open">
        Choose one in the tree. EXPORT-REPORT.md says what became of each process, and what was left behind.
      </EmptyState>
    );
  }
  return (
    <section aria-label={path} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex min-h-9 shrink-0 flex-wrap items-center gap-2 border-b border-border px-3 py-1">
        <span className="min-w-0 truncate font-mono text-sm" title={path}>
          {path}
        </span>
        <CopyButton value={file.data?.text ?? ''} label="Copy this file" />
        <Segmented
          className="ml-auto"
          aria-label="Show"
          value={view}
          onValueChange={onView}
          options={[
            { value: 'file', label: 'File' },
            { value: 'changes', label: 'Changes' },
          ]}
        />
      </div>
      {file.isError ? (
        <ErrorState title="This file is not shown" detail={file.error?.message} onRetry={() => void file.refetch()} />
      ) : file.data === undefined ? (
        <SkeletonRows rows={10} label="Loading the file" />
      ) : view === 'changes' && file.data.rows.length === 0 ? (
        <EmptyState title={compared ? 'Unchanged' : 'Nothing to compare'}>
          {compared
            ? 'The chosen options do not touch this file.'
            : 'Change an option, and what it changes is shown here.'}
        </EmptyState>
      ) : (
        <ScrollArea aria-label={`Content of ${path}`} className="max-h-[70vh] flex-1 py-2 lg:max-h-none">
          <CodeView rows={file.data.rows} label={path} compared={view === 'changes'} />
        </ScrollArea>
      )}
    </section>
  );
}

function summary(total: number, changed: number, defaults: boolean): string {
  const against = defaults ? 'against the defaults' : 'since the comparison began';
  return changed === 0 ? `${total}` : `${total}, ${changed} changed ${against}`;
}
