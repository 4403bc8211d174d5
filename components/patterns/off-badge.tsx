import { PowerOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge } from '#components/ui/badge.tsx';

/** The mark of what was switched off on purpose, in the colour of faults: never confused with what failed. */
export function OffBadge({ children }: { children: ReactNode }) {
  return (
    <Badge tone="fault" data-slot="pattern-off">
      <PowerOff aria-hidden />
      {children}
    </Badge>
  );
}
