'use client';

import { Download } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { asCli } from '#components/load/load-plan.ts';
import { phaseText } from '#components/load/phase.ts';
import { RateField } from '#components/load/rate-field.tsx';
import { RunOutcome } from '#components/load/run-outcome.tsx';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Panel } from '#components/ui/panel.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import type { LoadRun } from '#contracts/sandbox/load.ts';
import { isOver, loadLimits } from '#contracts/sandbox/load-limits.ts';

type RunPanelProps = {
  run: LoadRun;
  /** Why the figures may be old, null when they are not. */
  note: string | null;
  onRate: (ratePerSecond: number) => void;
  onStop: () => void;
};

/** The run as it goes: its state, its rate to steer, and what became of its orders. */
export function RunPanel({ run, note, onRate, onStop }: RunPanelProps) {
  return (
    <Panel
      title={
        <>
          Run <span className="font-mono">{run.run.slice(-11)}</span>
        </>
      }
      note={<span role="status">{phaseText(run)}</span>}
      actions={
        <>
          {isOver(run) ? null : (
            <Button size="sm" onClick={onStop}>
              {run.phase === 'placing' ? 'Stop' : 'End now'}
            </Button>
          )}
          <CopyButton value={asCli(run.plan)} label="Copy the run as a command" />
          <Button asChild variant="ghost" size="icon-sm">
            <a href={`/api/load/${run.run}/history`} download aria-label="Download the client history">
              <Download aria-hidden />
            </a>
          </Button>
          <Button asChild variant="ghost" size="sm" className="max-md:hidden">
            <Link href="/orders">Orders</Link>
          </Button>
        </>
      }
    >
      {note ? <PartialNote>Figures may be out of date: {note}.</PartialNote> : null}
      {run.phase === 'placing' ? (
        <div className="border-b border-border p-4">
          <LiveRate key={run.run} rate={run.ratePerSecond} onRate={onRate} />
        </div>
      ) : null}
      <RunOutcome run={run} />
    </Panel>
  );
}

/** After the last move, milliseconds until the new rate is asked for. */
const quietMs = 200;

/** Shows what the reader moves at once, and what holds once that is known. */
function LiveRate({ rate, onRate }: { rate: number; onRate: (rate: number) => void }) {
  const [moved, setMoved] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const { least, most } = loadLimits.ratePerSecond;
  const valid = (value: number) => value >= least && value <= most;
  if (moved === rate) setMoved(null);
  const move = (value: number) => {
    setMoved(value);
    clearTimeout(timer.current);
    if (valid(value)) timer.current = setTimeout(() => onRate(value), quietMs);
  };
  return (
    <RateField
      label="Rate of this run"
      value={moved ?? rate}
      onChange={move}
      error={moved === null || valid(moved) ? null : `${least} to ${most}`}
    />
  );
}
