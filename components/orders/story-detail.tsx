import Link from 'next/link';
import type { ReactNode } from 'react';
import { durationText } from '#components/format/duration.ts';
import { shortId } from '#components/format/time.ts';
import { SeverityWord } from '#components/logs/severity.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { JsonView } from '#components/ui/json-view.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { LocalTime } from '#components/ui/time.tsx';
import type { TimelineEntry } from '#contracts/http/history.ts';
import type { LogRecord } from '#contracts/telemetry/query.ts';
import { envelopeOf } from './story.ts';

type EventDetailProps = {
  entry: TimelineEntry;
  cause: TimelineEntry | null;
  colour: number | null;
  onOpen: (messageId: string) => void;
};

/** One event: where it lay in the broker, what caused it, and the envelope as it was sent. */
export function EventDetail({ entry, cause, colour, onOpen }: EventDetailProps) {
  const sentMs = Date.parse(entry.occurredAt);
  const span = entry.traceparent?.split('-') ?? [];
  return (
    <div className="flex flex-col">
      <Rows>
        <Row label="Event">
          <span className="font-mono">{entry.event}</span>
          <span className="text-tertiary">version {entry.version}</span>
        </Row>
        <Row label="Producer">
          <ServiceName name={entry.producer} colour={colour} />
        </Row>
        <Row label="Occurred">
          <LocalTime atMs={sentMs} />
          <span className="text-tertiary">
            read by history {durationText(Math.max(0, Date.parse(entry.receivedAt) - sentMs))} later
          </span>
        </Row>
        <Row label="Topic">
          <span className="font-mono">{entry.topic}</span>
        </Row>
        <Row label="Partition">
          <span className="font-mono">{entry.partition}</span>
          <span className="text-tertiary">offset</span>
          <span className="font-mono">{entry.offset}</span>
        </Row>
        <Row label="Message">
          <span className="truncate font-mono">{entry.messageId}</span>
          <CopyButton value={entry.messageId} label="Copy message id" />
        </Row>
        <Row label="Caused by">
          {cause ? (
            <button
              type="button"
              className="rounded-sm font-mono text-accent hover:underline"
              onClick={() => onOpen(cause.messageId)}
            >
              {cause.event}
            </button>
          ) : (
            <span className="text-tertiary">
              {entry.causationId ? shortId(entry.causationId) : 'nothing, it is the first'}
            </span>
          )}
        </Row>
        {span[1] ? (
          <Row label="Trace">
            <Link
              href={`/traces/${span[1]}${span[2] ? `?span=${span[2]}` : ''}`}
              className="truncate rounded-sm font-mono text-accent hover:underline"
            >
              {span[1]}
            </Link>
          </Row>
        ) : null}
      </Rows>
      <section aria-label="Envelope" className="border-t border-border p-3 pl-2">
        <JsonView value={envelopeOf(entry)} label="envelope" />
      </section>
    </div>
  );
}

/** One log line with all its fields. */
export function LogDetail({ log, colour }: { log: LogRecord; colour: number | null }) {
  return (
    <div className="flex flex-col">
      <p className="px-4 pt-3 font-mono break-words whitespace-pre-wrap">{log.body}</p>
      <Rows>
        <Row label="Severity">
          <SeverityWord severity={log.severity} />
        </Row>
        <Row label="Service">
          <ServiceName name={log.service} colour={colour} />
          {log.instance ? <span className="text-tertiary">{log.instance}</span> : null}
        </Row>
        <Row label="Time">
          <LocalTime atMs={Number(log.timeUnixNano) / 1e6} />
        </Row>
        {log.traceId ? (
          <Row label="Span">
            <Link
              href={`/traces/${log.traceId}${log.spanId ? `?span=${log.spanId}` : ''}`}
              className="truncate rounded-sm font-mono text-accent hover:underline"
            >
              {log.spanId ?? log.traceId}
            </Link>
          </Row>
        ) : null}
      </Rows>
      <section aria-label="Fields" className="border-t border-border p-3 pl-2">
        <JsonView value={log.attributes} label="fields" />
      </section>
    </div>
  );
}

function Rows({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 px-4 py-3 text-sm">{children}</dl>;
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="flex min-h-6 items-center text-tertiary">{label}</dt>
      <dd className="flex min-h-6 min-w-0 items-center gap-1.5">{children}</dd>
    </>
  );
}
