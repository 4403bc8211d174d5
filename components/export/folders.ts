/** A folder of the export: its folders, then its files, each in order. */
export type Folder<File> = { name: string; path: string; folders: Folder<File>[]; files: File[] };

export function toFolders<File extends { path: string }>(files: readonly File[]): Folder<File> {
  const root: Folder<File> = { name: '', path: '', folders: [], files: [] };
  for (const file of files) {
    const parts = file.path.split('/').slice(0, -1);
    let here = root;
    for (const name of parts) {
      const path = here.path === '' ? name : `${here.path}/${name}`;
      let next = here.folders.find((folder) => folder.path === path);
      if (next === undefined) {
        next = { name, path, folders: [], files: [] };
        here.folders.push(next);
      }
      here = next;
    }
    here.files.push(file);
  }
  return root;
}

/** Files of a folder and everything below it. */
export function filesBelow<File>(folder: Folder<File>): File[] {
  return [...folder.folders.flatMap(filesBelow), ...folder.files];
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
