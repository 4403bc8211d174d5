import { createLoader, parseAsStringLiteral } from 'nuqs/server';
import { openStates } from '#components/sagas/saga-state.tsx';
import { sagaStyles } from '#components/sagas/saga-styles.ts';

/** Windows that can be looked back over, in seconds. */
export const sagaWindows = { '5m': 300, '15m': 900, '1h': 3600, '1d': 86_400 } as const;
export const sagaWindowNames = Object.keys(sagaWindows) as (keyof typeof sagaWindows)[];

/** State of the Sagas page in its URL: how far back, which open ones, and charts or figures. */
export const sagasParsers = {
  window: parseAsStringLiteral(sagaWindowNames).withDefault('15m'),
  state: parseAsStringLiteral(openStates),
  style: parseAsStringLiteral(sagaStyles),
  view: parseAsStringLiteral(['charts', 'table'] as const),
};

export const loadSagasSearch = createLoader(sagasParsers);

/** What the server is asked for. */
export function sagasInput({ window, state, style }: Awaited<ReturnType<typeof loadSagasSearch>>) {
  return { windowSeconds: sagaWindows[window], state: state ?? undefined, style: style ?? undefined };
}
