import type { FaultDescription, FaultParameter, FaultRun, FaultTopic } from '#contracts/sandbox/chaos.ts';

/** Topics in the order of the catalogue, with what they teach. */
export const topics: readonly { topic: FaultTopic; title: string; teaches: string }[] = [
  { topic: 'network', title: 'Network', teaches: 'timeouts, retries, idempotency' },
  { topic: 'process', title: 'Processes', teaches: 'restarts, draining, grey failures' },
  { topic: 'crash-point', title: 'Crash exactly here', teaches: 'outbox, inbox, recovery' },
  { topic: 'infrastructure', title: 'Infrastructure', teaches: 'what still works without it' },
  { topic: 'application', title: 'Application', teaches: 'fallbacks, compensation' },
];

export const endWords: Record<NonNullable<FaultRun['endedBy']>, string> = {
  lease: 'its time was over',
  user: 'stopped by hand',
  'stop-all': 'stop all',
  itself: 'it was done',
  'injector-gone': 'its injector was gone',
  restart: 'the sandbox was restarted',
};

/** Times that a fault may be armed for. */
export const ttls: readonly { ttlMs: number; label: string }[] = [
  { ttlMs: 10_000, label: '10 s' },
  { ttlMs: 30_000, label: '30 s' },
  { ttlMs: 60_000, label: '1 min' },
  { ttlMs: 300_000, label: '5 min' },
  { ttlMs: 900_000, label: '15 min' },
];

/** Text of a parameter's limits: `1 – 30 000`; empty where there are none to tell. */
export function limitsText({ minimum, maximum }: Pick<FaultParameter, 'minimum' | 'maximum'>): string {
  return minimum === null || maximum === null ? '' : `${minimum} – ${maximum}`;
}

/** What was typed as values, and what is wrong with it by parameter. A field that was not touched has its default. */
export function readParameters(
  parameters: readonly FaultParameter[],
  typed: Readonly<Record<string, string>>,
): { values: Record<string, number | string>; errors: Record<string, string> } {
  const values: Record<string, number | string> = {};
  const errors: Record<string, string> = {};
  for (const parameter of parameters) {
    const { name, type, minimum, maximum } = parameter;
    const text = typed[name] ?? String(parameter.default);
    if (type === 'choice' || type === 'text') {
      values[name] = text;
      continue;
    }
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) errors[name] = 'must be a number';
    else if (type === 'integer' && !Number.isInteger(value)) errors[name] = 'must be a whole number';
    else if ((minimum !== null && value < minimum) || (maximum !== null && value > maximum)) {
      errors[name] = `must be ${limitsText(parameter)}`;
    } else values[name] = value;
  }
  return { values, errors };
}

/** The same as a command; parameters at their defaults are left out. */
export function asCli(
  fault: Pick<FaultDescription, 'name' | 'parameters'>,
  order: { target: string; ttlMs: number; values: Record<string, number | string> },
): string {
  const set = fault.parameters
    .filter(({ name, default: fallback }) => order.values[name] !== undefined && order.values[name] !== fallback)
    .map(({ name }) => ` --set ${name}=${order.values[name]}`);
  return `npm run orrery -- chaos inject ${fault.name} ${order.target} --ttl ${order.ttlMs / 1000}s${set.join('')}`;
}

/** Parameters of a run in one line: `latencyMs 400, share 1`. */
export function parametersText(parameters: FaultRun['parameters']): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
