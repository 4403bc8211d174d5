import { durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { Fact, Facts } from '#components/orders/facts.tsx';
import { Button } from '#components/ui/button.tsx';
import { PartialNote } from '#components/ui/partial-note.tsx';
import type { ReadModel, Rebuild } from '#contracts/http/history.ts';

export type ReadModelSectionProps = {
  model: ReadModel;
  /** Why the figures may be old; null when they are not. */
  down: string | null;
  busy: boolean;
  onRebuild: () => void;
};

/** What history holds, how far it is behind its topics, and its rebuild from them. */
export function ReadModelSection({ model, down, busy, onRebuild }: ReadModelSectionProps) {
  const { orders, lag, rebuild } = model;
  const goesOn = rebuild !== null && rebuild.endedAt === null;
  return (
    <div className="flex flex-col gap-3">
      {down ? <PartialNote>Figures may be out of date: {down}.</PartialNote> : null}
      <div className="flex flex-wrap items-end gap-x-6 gap-y-2">
        <Facts>
          <Fact label="Orders">
            <span className="tabular-nums">{count(orders)}</span>
          </Fact>
          <Fact label="Lag">
            {lag === null ? (
              <span className="text-tertiary">the broker does not tell</span>
            ) : (
              <span className="tabular-nums">
                {count(lag)} <span className="text-tertiary">{lag === 1 ? 'message' : 'messages'}</span>
              </span>
            )}
          </Fact>
        </Facts>
        <Button
          className="ml-auto"
          aria-disabled={busy || goesOn}
          onClick={() => (busy || goesOn ? null : onRebuild())}
        >
          Rebuild from events
        </Button>
      </div>
      {rebuild === null ? null : <RebuildProgress rebuild={rebuild} />}
    </div>
  );
}

function RebuildProgress({ rebuild }: { rebuild: Rebuild }) {
  const { phase, read, of } = rebuild;
  const share = phase !== 'reading' ? 1 : of === 0 ? 0 : Math.min(1, read / of);
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      {rebuild.endedAt === null ? (
        <div
          role="progressbar"
          aria-label="Rebuild"
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
          className="h-2 overflow-hidden rounded-sm bg-raised"
        >
          <div style={{ width: `${share * 100}%` }} className="h-full bg-accent" />
        </div>
      ) : null}
      <p role="status" className={phase === 'failed' ? 'text-error' : 'text-secondary'}>
        {rebuildText(rebuild)}
      </p>
    </div>
  );
}

const reading: Record<Exclude<Rebuild['phase'], 'done' | 'failed'>, string> = {
  reading: 'Reading the topics',
  aligning: 'Carrying over the positions of the stream',
  swapping: 'Swapping the tables',
};

/** The state of a rebuild as a sentence. */
export function rebuildText(rebuild: Rebuild): string {
  const { phase, read, of, startedAt, endedAt, changedViews, restored, kept, swapMs, unreadable } = rebuild;
  const figures = `${count(read)} of ${count(of)} messages`;
  if (phase === 'failed') return `Not rebuilt, nothing has changed: ${rebuild.problem ?? 'no reason is known'}`;
  if (phase !== 'done') return `${reading[phase]}: ${figures}`;
  const took = endedAt === null ? '' : ` in ${durationText(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const found = [
    changedViews === 0 ? 'no order looks otherwise' : `${count(changedViews ?? 0)} orders look otherwise`,
    ...(restored ? [`${count(restored)} lost events are back`] : []),
    ...(kept ? [`${count(kept)} events that no topic holds were kept`] : []),
    ...(unreadable > 0 ? [`unreadable messages: ${count(unreadable)}`] : []),
  ];
  return `Rebuilt from ${count(read)} messages${took}: ${found.join(', ')}. Reads waited ${durationText(swapMs ?? 0)}.`;
}
