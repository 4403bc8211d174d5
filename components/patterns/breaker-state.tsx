import { CircleCheck, CircleDotDashed, CircleX, type LucideIcon } from 'lucide-react';

const looks: Record<string, { icon: LucideIcon; word: string; colour: string }> = {
  closed: { icon: CircleCheck, word: 'Closed', colour: 'text-breaker-closed' },
  'half-open': { icon: CircleDotDashed, word: 'Half-open', colour: 'text-breaker-half-open' },
  open: { icon: CircleX, word: 'Open', colour: 'text-breaker-open' },
};

/** State of a circuit breaker: icon, colour and word. */
export function BreakerState({ state }: { state: string }) {
  const look = looks[state];
  if (look === undefined) return <>{state}</>;
  const { icon: Icon, word, colour } = look;
  return (
    <span data-slot="breaker-state" data-state={state} className="inline-flex items-center gap-1.5 align-middle">
      <Icon className={`size-4 shrink-0 stroke-[1.75] ${colour}`} aria-hidden />
      {word}
    </span>
  );
}
