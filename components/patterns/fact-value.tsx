import { Quantity } from '#components/ui/quantity.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { PatternName } from '#contracts/sandbox/control-channel.ts';
import { BreakerState } from './breaker-state.tsx';
import { type Fact, shownFact } from './fact.ts';

/** One figure of a pattern. */
export function FactValue({ pattern, name, fact }: { pattern: PatternName; name: string; fact: Fact | undefined }) {
  if (pattern === 'circuit-breaker' && name === 'state' && typeof fact === 'string')
    return <BreakerState state={fact} />;
  const shown = shownFact(name, fact);
  switch (shown.kind) {
    case 'none':
      return <Quantity of={null} />;
    case 'quantity':
      return <Quantity of={shown.of} />;
    case 'instant':
      return <Ago atMs={shown.atMs} />;
    case 'text':
      return <>{shown.text}</>;
    default:
      return shown satisfies never;
  }
}
