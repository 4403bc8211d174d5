import type { CriticalSegment } from './critical-path.ts';
import type { Colours } from './service-chips.tsx';
import type { TimeWindow, WaterfallRow } from './waterfall-model.ts';

export type WaterfallRowProps = {
  row: WaterfallRow;
  index: number;
  id: string;
  colours: Colours;
  window: TimeWindow;
  /** Stretches of this row that lie on the critical path. */
  critical: readonly CriticalSegment[];
  emphasis: 'bars' | 'path';
  selected: boolean;
  /** Two lines: text above the bar. */
  narrow: boolean;
  offsetPx: number;
  heightPx: number;
  onSelect: (id: string) => void;
  onToggle: (id: string) => void;
};
