import { CircleCheck, CircleX, FlaskConical, GraduationCap, OctagonX } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import type { ExperimentOutcome, ExperimentPhase } from '#contracts/sandbox/experiment-phases.ts';
import { outcomeWords, phaseTexts } from './texts.ts';

const icons = {
  passed: CircleCheck,
  lesson: GraduationCap,
  deviated: CircleX,
  stopped: OctagonX,
  'not-run': OctagonX,
} as const;

/** What came of a run, or where it is. In a narrow table it takes two lines: the words are the longest of their row. */
export function OutcomeBadge({ outcome, phase }: { outcome: ExperimentOutcome | null; phase: ExperimentPhase }) {
  const Icon = outcome === null ? FlaskConical : icons[outcome];
  return (
    <Badge
      tone={outcome === null ? 'fault' : outcomeWords[outcome].tone}
      className="@max-[560px]:h-auto @max-[560px]:min-h-5 @max-[560px]:py-0.5 @max-[560px]:text-left @max-[560px]:leading-4 @max-[560px]:whitespace-normal"
    >
      <Icon aria-hidden />
      {outcome === null ? phaseTexts[phase] : outcomeWords[outcome].word}
    </Badge>
  );
}
