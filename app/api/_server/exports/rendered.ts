import type { ExportRequest, ExportResult } from '#contracts/sandbox/export.ts';

type Render = (request: ExportRequest, signal?: AbortSignal) => Promise<ExportResult>;

/**
 * Remembers the last few exports: a page asks for the list, then for one file after the other, of the same options, and
 * the same options give the same bytes for as long as the supervisor runs.
 */
export function rememberRendered(render: Render, capacity = 6): Render {
  const known = new Map<string, Promise<ExportResult>>();
  return (request) => {
    const key = JSON.stringify([[...request.targets].sort(), Object.entries(request.options).sort()]);
    const found = known.get(key) ?? render(request);
    known.delete(key);
    known.set(key, found);
    // A failure is not worth remembering.
    found.catch(() => known.delete(key));
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - capacity))) known.delete(oldest);
    return found;
  };
}
