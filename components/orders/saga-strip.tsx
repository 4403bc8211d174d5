import type { OrderView } from '#contracts/http/history.ts';
import { type StepState, sagaStrip } from './saga.ts';
import { stepLooks } from './step-look.tsx';

const names = ['created', 'screened', 'reserved', 'paid', 'confirmed'];
const size = { step: 14, gap: 3, height: 12 };

/** The saga as five small marks. Each state has its own shape: full, half, cross, outline, hairline. */
export function SagaStrip({ order }: { order: Pick<OrderView, 'status' | 'cancelReason' | 'reservationId'> }) {
  const states = sagaStrip(order);
  const label = states.map((state, index) => `${names[index]} ${stepLooks[state].word}`).join(', ');
  const width = states.length * (size.step + size.gap) - size.gap;
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={size.height}
      viewBox={`0 0 ${width} ${size.height}`}
      className="inline-block align-middle"
    >
      <title>{label}</title>
      {states.map((state, index) => (
        <g key={names[index]} transform={`translate(${index * (size.step + size.gap)} 0)`}>
          <Mark state={state} />
        </g>
      ))}
    </svg>
  );
}

function Mark({ state }: { state: StepState }) {
  const colour = stepLooks[state].token;
  switch (state) {
    case 'done':
      return <rect y={3} width={14} height={6} rx={1.5} fill={colour} />;
    case 'running':
      return (
        <>
          <rect x={0.5} y={3.5} width={13} height={5} rx={1.5} fill="none" stroke={colour} />
          <rect y={3} width={7} height={6} rx={1.5} fill={colour} />
        </>
      );
    case 'failed':
      return <path d="M3.5 2.5l7 7m0 -7l-7 7" stroke={colour} strokeWidth={2} strokeLinecap="round" />;
    case 'compensated':
      return (
        <rect x={0.75} y={3.75} width={12.5} height={4.5} rx={1.5} fill="none" stroke={colour} strokeWidth={1.5} />
      );
    case 'pending':
      return <rect x={0.5} y={3.5} width={13} height={5} rx={1.5} fill="none" stroke="var(--border-strong)" />;
    case 'skipped':
      return <rect y={5.5} width={14} height={1} fill="var(--border-strong)" />;
    default:
      return state satisfies never;
  }
}
