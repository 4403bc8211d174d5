import type { WaterfallRow, WaterfallRows } from './waterfall-model.ts';

/** What the keyboard changes: the current row, what is toggled away from its default, whether the detail is open. */
export type WaterfallState = {
  selected: string | null;
  toggled: ReadonlySet<string>;
  open: boolean;
};

const pageRows = 20;

/**
 * The state after a key, or the same object when the key means nothing: ↑ ↓ j k move, ← closes a branch or goes to its
 * parent, → opens it or goes to its first child, Enter opens the detail, Esc closes it, * opens or closes everything.
 */
export function pressKey(state: WaterfallState, { rows, indexOf }: WaterfallRows, key: string): WaterfallState {
  const index = state.selected === null ? -1 : (indexOf.get(state.selected) ?? -1);
  const row = rows[index];
  const go = (to: number): WaterfallState => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, to))];
    return target && target.id !== state.selected ? { ...state, selected: target.id } : state;
  };
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return go(index + 1);
    case 'ArrowUp':
    case 'k':
      return go(index < 0 ? rows.length - 1 : index - 1);
    case 'PageDown':
      return go(index + pageRows);
    case 'PageUp':
      return go(index - pageRows);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows.length - 1);
    case 'ArrowLeft':
      if (row?.expanded) return toggle(state, row.id);
      return row?.parentId != null && indexOf.has(row.parentId) ? { ...state, selected: row.parentId } : state;
    case 'ArrowRight':
      if (row?.expandable && !row.expanded) return toggle(state, row.id);
      return row?.expanded ? go(index + 1) : state;
    case 'Enter':
      if (row?.kind === 'service') return toggle(state, row.id);
      return row && !state.open ? { ...state, open: true } : state;
    case 'Escape':
      return state.open ? { ...state, open: false } : state;
    case '*':
      return toggleAll(state, rows);
    default:
      return state;
  }
}

/** Opens or closes one branch. */
export function toggle(state: WaterfallState, id: string): WaterfallState {
  const toggled = new Set(state.toggled);
  if (!toggled.delete(id)) toggled.add(id);
  return { ...state, toggled };
}

/** Everything back to its default when anything differs from it; else every visible branch the other way round. */
export function toggleAll(state: WaterfallState, rows: readonly WaterfallRow[]): WaterfallState {
  if (state.toggled.size > 0) return { ...state, toggled: new Set() };
  return { ...state, toggled: new Set(rows.filter(({ expandable }) => expandable).map(({ id }) => id)) };
}
