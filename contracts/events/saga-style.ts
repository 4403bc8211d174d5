import type { SagaStyle } from '../http/orders.ts';

type Styled = { data: { sagaStyle?: SagaStyle | undefined } };

/** Whether services are to react to the event itself. What was written before there were two styles is so, too. */
export function isChoreographed({ data }: Styled): boolean {
  return data.sagaStyle !== 'orchestration';
}

/** Whether only the orchestrator reacts to the event, and everybody else to its commands. */
export function isOrchestrated(event: Styled): boolean {
  return !isChoreographed(event);
}
