import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { FaultLink } from '#components/chaos/injected.tsx';
import { duration, durationText } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { nanoToMs } from '#components/format/time.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import { touchedBy } from '#contracts/telemetry/injected.ts';
import type { Span } from '#contracts/telemetry/query.ts';
import { AttributeList } from './attribute-list.tsx';
import { oneCondition } from './edit-filter.ts';
import type { Colours } from './service-chips.tsx';
import type { TraceNode } from './trace-tree.ts';

export type SpanPanelProps = {
  node: TraceNode;
  span: Span;
  /** Milliseconds of the span on the critical path. */
  criticalMs: number;
  colours: Colours;
  onSelect: (spanId: string) => void;
  /** Log lines of the span, already in one of their four states. */
  logs: ReactNode;
};

/** Everything about one span. */
export function SpanPanel({ node, span, criticalMs, colours, onSelect, logs }: SpanPanelProps) {
  const { parent } = node;
  const fault = touchedBy(span.attributes);
  return (
    <div className="flex flex-col gap-4 p-4">
      {span.status === 'error' ? (
        <p className="tint flex items-start gap-1.5 rounded-md px-3 py-2 text-sm [--tint:var(--error)]">
          <CircleAlert className="mt-px size-3.5 shrink-0 stroke-2 text-error" aria-hidden />
          <span className="min-w-0 break-words">{failure(span)}</span>
        </p>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        <Fact term="Service">
          <ServiceName name={span.service} colour={colours.get(span.service) ?? null} className="gap-1.5" />
        </Fact>
        <Fact term="Name">
          <span className="truncate" title={span.name}>
            {span.name}
          </span>
        </Fact>
        <Fact term="Kind">{span.kind}</Fact>
        <Fact term="Duration">
          <Quantity of={duration(span.durationNano / 1e6)} className="font-mono" />
          {criticalMs > 0 ? (
            <span className="text-tertiary">· {durationText(criticalMs)} on the critical path</span>
          ) : null}
        </Fact>
        {fault === null ? null : (
          <Fact term="Touched by">
            <FaultLink fault={fault} />
          </Fact>
        )}
        <Fact term="Start">
          <span className="font-mono">+{durationText(node.startMs)}</span>
          <LocalTime atMs={nanoToMs(span.startUnixNano)} className="text-tertiary" />
        </Fact>
        {parent ? (
          <Fact term="Parent">
            {parent.span ? (
              <Button
                variant="ghost"
                size="sm"
                className="-ml-2 min-w-0 justify-start font-normal text-accent"
                onClick={() => onSelect(parent.id)}
              >
                <span className="truncate">
                  {parent.span.service} {parent.span.name}
                </span>
              </Button>
            ) : (
              <span className="text-warn">has not arrived</span>
            )}
          </Fact>
        ) : null}
        {node.children.length > 0 ? (
          <Fact term="Children">
            {count(node.children.length)}
            <span className="text-tertiary">· {count(node.descendants)} spans below</span>
          </Fact>
        ) : null}
        <Fact term="Span">
          <span className="font-mono">{span.spanId}</span>
          <CopyButton value={span.spanId} label="Copy span id" />
        </Fact>
        <Fact term="Scope">
          <span className="truncate font-mono" title={span.scope}>
            {span.scope}
          </span>
        </Fact>
      </dl>
      <Section title="Attributes">
        <AttributeList attributes={span.attributes} searchable />
      </Section>
      {span.events.length > 0 ? (
        <Section title="Events">
          <ol className="flex flex-col gap-2">
            {span.events.map((event, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity and never reorder
              <li key={index} className="rounded-md border border-border p-2">
                <p className="flex items-center gap-2 text-sm">
                  <span className="font-medium">{event.name}</span>
                  <span className="font-mono text-tertiary">
                    +{durationText(nanoToMs(event.timeUnixNano) - nanoToMs(span.startUnixNano))}
                  </span>
                </p>
                <AttributeList attributes={event.attributes} />
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
      {span.links.length > 0 ? (
        <Section title="Links">
          <ul className="text-sm">
            {span.links.map((link) => (
              <li key={`${link.traceId} ${link.spanId}`}>
                <Link
                  href={`/traces/${link.traceId}?span=${link.spanId}`}
                  className="rounded-sm font-mono text-accent hover:underline"
                >
                  {link.traceId.slice(0, 8)}… {link.spanId}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section
        title="Log lines"
        action={
          <Link
            href={`/logs?range=all&q=${encodeURIComponent(oneCondition('traceId', 'eq', span.traceId))}`}
            className="rounded-sm text-sm text-accent hover:underline"
          >
            All of the trace
          </Link>
        }
      >
        {logs}
      </Section>
      <details>
        <summary className="w-fit rounded-sm text-sm font-medium text-tertiary">Resource</summary>
        <div className="pt-1">
          <AttributeList attributes={span.resource} />
        </div>
      </details>
    </div>
  );
}

/** Why it failed, from the status, the exception event or the type of the error. */
function failure(span: Span): string {
  if (span.statusMessage) return span.statusMessage;
  const exception = span.events.find(({ name }) => name === 'exception');
  const message = exception?.attributes['exception.message'] ?? span.attributes['error.type'];
  return message === undefined ? 'It failed and does not say why.' : String(message);
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-1">
      <header className="flex items-center justify-between">
        <h3 className="text-sm font-medium text-tertiary">{title}</h3>
        {action}
      </header>
      {children}
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="flex h-6 items-center text-tertiary">{term}</dt>
      <dd className="flex h-6 min-w-0 items-center gap-1">{children}</dd>
    </>
  );
}
