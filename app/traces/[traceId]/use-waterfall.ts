'use client';

import { useMemo, useRef, useState } from 'react';
import { useViewCommand } from '#components/shell/view-commands.tsx';
import { criticalPath, pathNodes } from '#components/traces/critical-path.ts';
import type { TraceTree } from '#components/traces/trace-tree.ts';
import { pressKey, toggleAll, type WaterfallState } from '#components/traces/waterfall-keys.ts';
import {
  flatRows,
  serviceRowId,
  serviceRows,
  type TimeWindow,
  treeRows,
  zoom,
} from '#components/traces/waterfall-model.ts';
import type { View } from './search-params.ts';

type Options = {
  tree: TraceTree;
  view: View;
  /** Span whose panel is open: it is in the URL. */
  opened: string | null;
  onOpen: (span: string | null) => void;
};

/** State of the waterfall beside the URL: current row, toggled branches, part of the time that is drawn. */
export function useWaterfall({ tree, view, opened, onOpen }: Options) {
  const grid = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<string | null>(opened);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(() => defaultToggled(tree, view, opened));
  const [zoomed, setZoomed] = useState<TimeWindow | null>(null);
  const path = useMemo(() => criticalPath(tree), [tree]);
  const rows = useMemo(() => {
    if (view === 'path') return flatRows(pathNodes(path));
    return view === 'services' ? serviceRows(tree, toggled) : treeRows(tree, toggled);
  }, [tree, view, toggled, path]);
  // Without a zoom the window grows with the trace.
  const window = zoomed ?? { fromMs: 0, toMs: tree.durationMs };
  const state: WaterfallState = { selected: cursor ?? opened, toggled, open: opened !== null };

  const setState = (next: WaterfallState) => {
    setCursor(next.selected);
    setToggled(next.toggled);
    // Rows of services and of missing parents have no panel: it keeps the span that it shows.
    const span = next.selected !== null && tree.byId.get(next.selected)?.span ? next.selected : opened;
    const open = next.open ? span : null;
    if (open !== opened) onOpen(open);
  };
  const press = (key: string) => {
    setState(pressKey(state, rows, key));
    grid.current?.focus({ preventScroll: true });
  };
  useViewCommand('next', () => press('j'));
  useViewCommand('previous', () => press('k'));
  const failed = rows.rows
    .filter((row) => row.kind === 'span' && row.node.span?.status === 'error')
    .map(({ id }) => id);
  const toError = (by: 1 | -1) => {
    const at = failed.indexOf(state.selected ?? '');
    const next = failed[at < 0 ? (by === 1 ? 0 : failed.length - 1) : (at + by + failed.length) % failed.length];
    if (!next) return;
    setState({ ...state, selected: next });
    grid.current?.focus({ preventScroll: true });
  };
  useViewCommand('later', failed.length > 0 ? () => toError(1) : null);
  useViewCommand('earlier', failed.length > 0 ? () => toError(-1) : null);

  const zoomBy = (factor: number) => {
    const current = state.selected === null ? null : tree.byId.get(state.selected);
    const middle = (window.fromMs + window.toMs) / 2;
    const around = current ? (current.startMs + current.endMs) / 2 : middle;
    const next = zoom(window, factor, Math.min(window.toMs, Math.max(window.fromMs, around)), tree.durationMs);
    setZoomed(next.toMs - next.fromMs >= tree.durationMs ? null : next);
  };
  return {
    grid,
    rows,
    state,
    setState,
    path,
    window,
    zoomed: zoomed !== null,
    setWindow: (next: TimeWindow) => setZoomed(next.toMs - next.fromMs >= tree.durationMs ? null : next),
    resetZoom: () => setZoomed(null),
    zoomBy,
    toggleAll: () => setState(toggleAll(state, rows.rows)),
    /** Opens a span and everything above it. */
    select: (id: string) => setState({ selected: id, open: true, toggled: defaultToggled(tree, view, id) }),
    changeView: (next: View) => setToggled(defaultToggled(tree, next, opened)),
  };
}

/** In the tree nothing is folded; by service only the one of the open span is unfolded. */
function defaultToggled(tree: TraceTree, view: View, opened: string | null): ReadonlySet<string> {
  const service = opened === null ? undefined : tree.byId.get(opened)?.span?.service;
  return view === 'services' && service !== undefined ? new Set([serviceRowId(service)]) : new Set();
}
