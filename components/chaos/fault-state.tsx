import { CircleCheck, OctagonAlert, Undo2, Zap } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import type { FaultState } from '#contracts/sandbox/chaos.ts';
import { stateWords } from './state-words.ts';

const icons = {
  armed: Zap,
  biting: Zap,
  reverting: Undo2,
  reverted: CircleCheck,
  'revert-failed': OctagonAlert,
} as const;

/** State of a fault: icon and word. */
export function FaultStateBadge({ state }: { state: FaultState }) {
  const { word, tone } = stateWords[state];
  const Icon = icons[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {word}
    </Badge>
  );
}
