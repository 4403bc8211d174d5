import { injectedText } from '#components/chaos/injected.tsx';
import { durationText } from '#components/format/duration.ts';
import { percent, perSecond } from '#components/format/number.ts';
import { isAsync, type MapEdge, type SystemMap } from './map-model.ts';

/** Share of failed requests from which an edge is named. */
const loudErrorRatio = 0.01;

/** What the map says, in words: health, traffic, the busiest and the worst edge, and what nobody expected. */
export function mapCaption({ nodes, edges }: SystemMap, windowSeconds: number): string {
  const processes = nodes.filter((node) => node.kind === 'process');
  const down = processes.filter(({ state }) => state !== null && state !== 'running');
  const sentences = [
    down.length === 0
      ? `All ${processes.length} processes run.`
      : `${processes.length - down.length} of ${processes.length} processes run; ${down.map(({ id, state }) => `${id} is ${state}`).join(', ')}.`,
  ];
  const calls = edges.filter(
    ({ protocol, red }) => !isAsync(protocol) && protocol !== 'postgres' && (red?.count ?? 0) > 0,
  );
  const sent = edges.filter(({ protocol, red }) => protocol === 'kafka-produce' && (red?.count ?? 0) > 0);
  const busiest = calls.reduce<MapEdge | null>((most, edge) => (rate(edge) > rate(most) ? edge : most), null);
  if (busiest === null && sent.length === 0) sentences.push(`No traffic in the last ${windowSeconds} s.`);
  else {
    sentences.push(
      `${perSecond(sum(calls))} calls and ${perSecond(sum(sent))} messages a second over the last ${windowSeconds} s.`,
    );
    if (busiest?.red)
      sentences.push(
        `Busiest call: ${arrow(busiest)}, ${perSecond(rate(busiest))}/s${busiest.red.p95Ms === null ? '' : `, p95 ${durationText(busiest.red.p95Ms)}`}.`,
      );
  }
  const failing = edges
    .filter(({ red }) => red !== null && red.count > 0 && red.errorRatio >= loudErrorRatio)
    .sort((a, b) => (b.red?.errorRatio ?? 0) - (a.red?.errorRatio ?? 0));
  if (failing.length > 0)
    sentences.push(
      `Failing: ${failing
        .slice(0, 3)
        .map((edge) => `${arrow(edge)} ${errors(edge)}`)
        .join(', ')}.`,
    );
  const unexpected = edges.filter(({ expected }) => !expected);
  if (unexpected.length > 0) sentences.push(`Not in the topology: ${unexpected.map(arrow).join(', ')}.`);
  return sentences.join(' ');
}

function arrow({ from, to }: MapEdge): string {
  return `${from} → ${to}`;
}

function rate(edge: MapEdge | null): number {
  return edge?.red?.ratePerSecond ?? 0;
}

function sum(edges: readonly MapEdge[]): number {
  return edges.reduce((total, edge) => total + rate(edge), 0);
}

function errors({ red }: MapEdge): string {
  const { value, unit } = percent(red?.errorRatio ?? 0);
  const injected = red && injectedText(red);
  return injected === null ? `${value} ${unit}` : `${value} ${unit} (${injected})`;
}
