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
import { OrderStatusLabel } from './order-status.tsx';
import { envelopeOf, type StoryLine } from './story.ts';
import type { StoryMessage } from './story-messages.ts';

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

type MessageLine = Extract<StoryLine, { kind: 'message' | 'outbox' | 'inbox' }>;

/**
 * A row of an outbox or an inbox, and the message it is about. What is not said by the span that wrote the row is not
 * known here: the table itself belongs to the service alone.
 */
export function RowDetail({ line, colour, onOpen }: { line: MessageLine; colour: number | null; onOpen: Open }) {
  const { message } = line;
  return (
    <div className="flex flex-col">
      <Rows>
        <Row label="Message">
          <button type="button" className={door} onClick={() => onOpen(message.id)}>
            {message.event}
          </button>
        </Row>
        <Row label="Table of">
          <ServiceName name={line.service} colour={colour} />
        </Row>
        <Row label="Topic">
          <span className="font-mono">{message.topic}</span>
          <span className="text-tertiary">partition</span>
          <span className="font-mono">{message.partition ?? '?'}</span>
          <span className="text-tertiary">offset</span>
          <span className="font-mono">{message.offset ?? '?'}</span>
        </Row>
        <Row label="Message id">
          <span className="truncate font-mono">{message.id}</span>
          <CopyButton value={message.id} label="Copy message id" />
        </Row>
        {line.kind === 'inbox' ? (
          <InboxRows line={line} onOpen={onOpen} />
        ) : (
          <OutboxRows message={message} onOpen={onOpen} />
        )}
      </Rows>
      <p className="border-t border-border px-4 py-2 text-sm text-tertiary">
        {line.kind === 'inbox'
          ? 'Told by the span of the handling: its row is the first statement of that transaction.'
          : 'Told by the event and by the span that sent it: the row was committed together with the change it announces.'}
      </p>
      {message.entry ? (
        <section aria-label="Envelope" className="border-t border-border p-3 pl-2">
          <JsonView value={envelopeOf(message.entry)} label="envelope" />
        </section>
      ) : null}
    </div>
  );
}

function InboxRows({ line, onOpen }: { line: Extract<StoryLine, { kind: 'inbox' }>; onOpen: Open }) {
  const { reading } = line;
  return (
    <>
      <Row label="Consumer">
        <span className="font-mono">{reading.consumer}</span>
      </Row>
      <Row label="Outcome">
        {reading.outcome === 'duplicate' ? 'duplicate: it had been handled before, nothing was done' : reading.outcome}
      </Row>
      <Row label="Handled in">{durationText((line.endMs ?? line.atMs) - line.atMs)}</Row>
      <Row label="Span">
        <button type="button" className={door} onClick={() => onOpen(`span-${reading.span.spanId}`)}>
          {reading.span.name}
        </button>
      </Row>
    </>
  );
}

function OutboxRows({ message, onOpen }: { message: StoryMessage; onOpen: Open }) {
  const { publishedMs, writtenMs, sends } = message;
  return (
    <>
      <Row label="Committed">
        <LocalTime atMs={writtenMs} />
      </Row>
      <Row label="Published">
        {publishedMs === null ? (
          <span className="text-tertiary">no span of it has arrived</span>
        ) : (
          <>
            <LocalTime atMs={publishedMs} />
            <span className="text-tertiary">{durationText(Math.max(0, publishedMs - writtenMs))} later</span>
          </>
        )}
      </Row>
      {sends.map((span, index) => (
        <Row key={span.spanId} label={index === 0 ? 'Sent' : 'Sent again'}>
          <button type="button" className={door} onClick={() => onOpen(`span-${span.spanId}`)}>
            {span.name}
          </button>
          {span.status === 'error' ? <span className="text-error">failed</span> : null}
        </Row>
      ))}
    </>
  );
}

/** A change of the order's state and the event that made it. */
export function StateDetail({ line, onOpen }: { line: Extract<StoryLine, { kind: 'state' }>; onOpen: Open }) {
  const { status, before, entry } = line.change;
  return (
    <Rows>
      <Row label="State">
        <OrderStatusLabel status={status} />
      </Row>
      <Row label="Before">
        {before ? <OrderStatusLabel status={before} /> : <span className="text-tertiary">nothing</span>}
      </Row>
      <Row label="By">
        <button type="button" className={door} onClick={() => onOpen(entry.messageId)}>
          {entry.event}
        </button>
      </Row>
      <Row label="Since">
        <LocalTime atMs={line.atMs} />
      </Row>
      <Row label="For">
        {line.endMs === null ? (
          <span className="text-tertiary">it still is</span>
        ) : (
          durationText(Math.max(0, line.endMs - line.atMs))
        )}
      </Row>
    </Rows>
  );
}

type Open = (id: string) => void;

const door = 'min-h-6 truncate rounded-sm font-mono text-accent hover:underline';

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
