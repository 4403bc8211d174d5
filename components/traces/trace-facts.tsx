import { CircleAlert, Hourglass } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { FaultLink, Injected, injectedCountText } from '#components/chaos/injected.tsx';
import { duration } from '#components/format/duration.ts';
import { count } from '#components/format/number.ts';
import { nanoToMs, shortId } from '#components/format/time.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import type { TraceSummary } from '#contracts/telemetry/query.ts';
import { oneCondition } from './edit-filter.ts';
import { Growing } from './growing.tsx';
import type { TraceTree } from './trace-tree.ts';

/** Who, when, how long, how much: the identity of a trace in one line that wraps. */
export function TraceFacts({ summary, tree }: { summary: TraceSummary; tree: TraceTree }) {
  const { traceId, orderId } = summary;
  const services = new Set([...tree.byId.values()].flatMap(({ span }) => (span ? [span.service] : [])));
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 text-sm">
      <dl className="flex flex-wrap items-center gap-x-5 gap-y-1">
        <Fact term="Start">
          <LocalTime atMs={nanoToMs(summary.startUnixNano)} />
        </Fact>
        <Fact term="Duration">
          <Quantity of={duration(tree.durationMs)} className="font-mono" />
        </Fact>
        <Fact term="Spans">{count(tree.spanCount)}</Fact>
        <Fact term="Services">{services.size}</Fact>
        <Fact term="Errors">
          {tree.errorCount > 0 ? (
            <span className="inline-flex items-center gap-1 font-medium text-error">
              <CircleAlert className="size-3.5 stroke-2" aria-hidden />
              {count(tree.errorCount)}
              <Injected text={injectedCountText(summary.injectedCount)} />
            </span>
          ) : (
            '0'
          )}
        </Fact>
        {summary.faults.length > 0 ? (
          <Fact term={summary.faults.length === 1 ? 'Fault' : 'Faults'}>
            {summary.faults.map((fault) => (
              <FaultLink key={`${fault.id} ${fault.kind}`} fault={fault} />
            ))}
          </Fact>
        ) : null}
        {orderId ? (
          <Fact term="Order">
            <Link
              href={`/orders/${orderId}`}
              title={orderId}
              className="rounded-sm font-mono text-accent hover:underline"
            >
              {shortId(orderId)}
            </Link>
          </Fact>
        ) : null}
        <Fact term="Logs">
          <Link
            href={`/logs?range=all&q=${encodeURIComponent(oneCondition('traceId', 'eq', traceId))}`}
            className="rounded-sm text-accent hover:underline"
          >
            of this trace
          </Link>
        </Fact>
        <Fact term="Trace">
          <span className="font-mono" title={traceId}>
            {traceId.slice(0, 8)}…
          </span>
          <CopyButton value={traceId} label="Copy trace id" />
        </Fact>
      </dl>
      <Growing lastArrivalMs={summary.lastArrivalMs} />
      {tree.waiting > 0 ? (
        <span role="status" className="inline-flex items-center gap-1 text-warn">
          <Hourglass className="size-3.5 stroke-[1.75]" aria-hidden />
          Incomplete: {count(tree.waiting)} {tree.waiting === 1 ? 'span waits for its' : 'spans wait for their'} parent
        </span>
      ) : null}
    </div>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="flex h-6 items-center gap-1.5">
      <dt className="text-tertiary">{term}</dt>
      <dd className="flex items-center gap-1 tabular-nums">{children}</dd>
    </div>
  );
}
