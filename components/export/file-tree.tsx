import { ChevronRight } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import { baseName, type Folder, filesBelow, toFolders } from './folders.ts';

/** A file in the tree, and how it differs from the export it is compared with. */
export type TreeFile = {
  path: string;
  change: 'same' | 'changed' | 'added' | 'removed';
  linesAdded: number;
  linesRemoved: number;
};

export type FileTreeProps = { files: readonly TreeFile[]; selected: string | null; onSelect: (path: string) => void };

/** Folders that open and close, files that say how they changed. */
export function FileTree({ files, selected, onSelect }: FileTreeProps) {
  return (
    <nav aria-label="Files" className="py-2 pr-2 pl-1 text-sm">
      <Contents folder={toFolders(files)} selected={selected} onSelect={onSelect} depth={0} />
    </nav>
  );
}

type ContentsProps = Omit<FileTreeProps, 'files'> & { folder: Folder<TreeFile>; depth: number };

function Contents({ folder, selected, onSelect, depth }: ContentsProps) {
  return (
    <ul>
      {folder.folders.map((inner) => {
        const below = filesBelow(inner);
        const changed = below.filter(({ change }) => change !== 'same').length;
        const opened = depth < 1 || changed > 0 || below.some(({ path }) => path === selected);
        return (
          <li key={inner.path}>
            <details open={opened}>
              <summary
                className="flex h-6 cursor-pointer list-none items-center gap-1 rounded-sm text-secondary hover:text-foreground [&::-webkit-details-marker]:hidden"
                style={{ paddingLeft: depth * 12 }}
              >
                <ChevronRight
                  className="size-3.5 shrink-0 transition-transform [details[open]>summary>&]:rotate-90"
                  aria-hidden
                />
                <span className="truncate">{inner.name}</span>
                {changed > 0 ? <span className="numeric ml-auto pr-1 text-tertiary">{changed} changed</span> : null}
              </summary>
              <Contents folder={inner} selected={selected} onSelect={onSelect} depth={depth + 1} />
            </details>
          </li>
        );
      })}
      {folder.files.map((file) => (
        <li key={file.path}>
          <button
            type="button"
            aria-current={file.path === selected ? 'true' : undefined}
            onClick={() => onSelect(file.path)}
            title={file.path}
            style={{ paddingLeft: depth * 12 + 18 }}
            className={cn(
              'flex h-6 w-full min-w-0 items-center gap-2 rounded-sm pr-1 text-left text-secondary hover:bg-raised hover:text-foreground aria-[current=true]:bg-raised aria-[current=true]:font-medium aria-[current=true]:text-foreground',
              file.change === 'removed' && 'line-through',
            )}
          >
            <span className="truncate">{baseName(file.path)}</span>
            <Change file={file} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Change({ file }: { file: TreeFile }) {
  if (file.change === 'same') return null;
  const words = { changed: 'changed', added: 'new', removed: 'gone' } as const;
  return (
    <span className="numeric ml-auto shrink-0 text-xs text-tertiary">
      <span className="sr-only">{words[file.change]}, </span>
      {file.linesAdded > 0 ? <span className="text-ok">+{file.linesAdded}</span> : null}{' '}
      {file.linesRemoved > 0 ? <span className="text-error">−{file.linesRemoved}</span> : null}
    </span>
  );
}
