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

/** What came of a run, or where it is. */
export function OutcomeBadge({ outcome, phase }: { outcome: ExperimentOutcome | null; phase: ExperimentPhase }) {
  const Icon = outcome === null ? FlaskConical : icons[outcome];
  return (
    <Badge tone={outcome === null ? 'fault' : outcomeWords[outcome].tone}>
      <Icon aria-hidden />
      {outcome === null ? phaseTexts[phase] : outcomeWords[outcome].word}
    </Badge>
  );
}
