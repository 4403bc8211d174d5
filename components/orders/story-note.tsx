import type { OrderView } from '#contracts/http/history.ts';
import type { SagaStep } from './saga.ts';
import { WaitingNote } from './waiting-note.tsx';

type StoryNoteProps = {
  order: Pick<OrderView, 'finishedAt'>;
  waiting: SagaStep | null;
  /** Spans that are known only as somebody's parent. */
  missing: number;
};

/** Whether the story is complete, and if not, what it lacks. */
export function StoryNote({ order, waiting, missing }: StoryNoteProps) {
  if (order.finishedAt === null) {
    if (waiting) return <WaitingNote caption={`incomplete: waiting for ${waiting.service}`} step={waiting} />;
    return <span>incomplete: on its way</span>;
  }
  if (missing > 0) return <span>incomplete: {missing === 1 ? 'a span has' : `${missing} spans have`} not arrived</span>;
  return <span className="max-md:hidden">seconds since it was placed</span>;
}
