import { ServiceName } from '#components/ui/service-name.tsx';
import type { TraceSummary } from '#contracts/telemetry/query.ts';

export type Colours = ReadonlyMap<string, number | null>;

/** Services of a trace by first appearance, each with its colour and name; what does not fit is counted. */
export function ServiceChips(props: { services: TraceSummary['services']; colours: Colours; most: number }) {
  const { services, colours, most } = props;
  const rest = services.slice(most);
  return (
    <span className="flex items-center gap-3">
      {services.slice(0, most).map(({ name, spans }) => (
        <span key={name} title={`${name}: ${spans} ${spans === 1 ? 'span' : 'spans'}`} className="inline-flex">
          <ServiceName name={name} colour={colours.get(name) ?? null} className="gap-1.5 text-secondary" />
        </span>
      ))}
      {rest.length > 0 ? (
        <span className="text-tertiary tabular-nums" title={rest.map(({ name }) => name).join(', ')}>
          +{rest.length}
          <span className="sr-only"> more: {rest.map(({ name }) => name).join(', ')}</span>
        </span>
      ) : null}
    </span>
  );
}
