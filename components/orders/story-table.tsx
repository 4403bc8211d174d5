'use client';

import { CircleDot } from 'lucide-react';
import { memo } from 'react';
import { durationText } from '#components/format/duration.ts';
import { keyFields } from '#components/logs/key-fields.ts';
import { SeverityWord } from '#components/logs/severity.tsx';
import { cn } from '#components/ui/cn.ts';
import { ServiceName } from '#components/ui/service-name.tsx';
import { Table, TableBody, TableCell, TableHeader } from '#components/ui/table.tsx';
import type { TimelineEntry } from '#contracts/http/history.ts';
import { offsetText } from './offset-text.ts';
import { isTrouble, type StoryLine } from './story.ts';
import { kindNames, lineNote } from './story-look.ts';

export type StoryTableProps = {
  lines: readonly StoryLine[];
  /** Every event of the order by its message id, also those that are filtered out. */
  events: ReadonlyMap<string, TimelineEntry>;
  /** Epoch milliseconds that offsets count from. */
  fromMs: number;
  colours: ReadonlyMap<string, number | null>;
  selected: string | null;
  onSelect: (id: string) => void;
};

/** The story as rows, in the order of time. Messages stand out, everything else is the small print between them. */
export function StoryTable({ lines, events, fromMs, colours, selected, onSelect }: StoryTableProps) {
  return (
    <Table label="Story">
      <thead className="sr-only">
        <tr>
          <TableHeader>After</TableHeader>
          <TableHeader>By</TableHeader>
          <TableHeader>What</TableHeader>
          <TableHeader>Lasted</TableHeader>
          <TableHeader>Where</TableHeader>
          <TableHeader>Caused by</TableHeader>
        </tr>
      </thead>
      <TableBody>
        {lines.map((line) => (
          <StoryRow
            key={line.id}
            line={line}
            offset={offsetText(line.atMs - fromMs)}
            length={lengthText(line)}
            colour={colours.get(line.service) ?? null}
            cause={line.kind === 'message' ? (events.get(line.message.entry?.causationId ?? '') ?? null) : null}
            selected={line.id === selected}
            following={selected !== null}
            onSelect={onSelect}
          />
        ))}
      </TableBody>
    </Table>
  );
}

type RowProps = {
  line: StoryLine;
  offset: string;
  /** How long it lasted; null for an instant. */
  length: string | null;
  colour: number | null;
  cause: TimelineEntry | null;
  selected: boolean;
  following: boolean;
  onSelect: (id: string) => void;
};

const StoryRow = memo(function StoryRow(props: RowProps) {
  const { line, offset, length, colour, cause, selected, following, onSelect } = props;
  const isMessage = line.kind === 'message';
  return (
    <tr
      data-line={line.id}
      data-kind={line.kind}
      data-selected={selected}
      onClick={() => onSelect(line.id)}
      className={cn(
        'cursor-default hover:bg-raised data-[selected=true]:bg-raised',
        isMessage ? 'h-8 border-y border-border bg-surface first:border-t-0' : 'h-6 text-secondary',
      )}
    >
      <TableCell className="numeric h-auto w-20 font-mono text-tertiary max-md:w-14">{offset}</TableCell>
      <TableCell className="h-auto w-28 max-md:hidden">
        <ServiceName name={line.service} colour={colour} />
      </TableCell>
      <TableCell className="h-auto w-full max-w-0">
        <button
          type="button"
          data-list-item
          aria-current={selected ? 'true' : undefined}
          onClick={(event) => {
            event.stopPropagation();
            onSelect(line.id);
          }}
          onFocus={(event) => {
            if (following && !selected && event.currentTarget.matches(':focus-visible')) onSelect(line.id);
          }}
          className="flex min-h-6 w-full min-w-0 items-center gap-2 rounded-sm text-left"
        >
          <What line={line} />
        </button>
      </TableCell>
      <TableCell className="numeric h-auto font-mono text-tertiary @max-[620px]:hidden">{length}</TableCell>
      <TableCell className="h-auto font-mono text-tertiary @max-[760px]:hidden">
        {isMessage ? (
          <span title="topic, partition and offset">
            {line.message.topic} <span aria-hidden>·</span> {line.message.partition ?? '?'} <span aria-hidden>·</span>{' '}
            {line.message.offset ?? '?'}
          </span>
        ) : null}
      </TableCell>
      <TableCell className="h-auto @max-[920px]:hidden" onClick={(event) => cause && event.stopPropagation()}>
        {cause ? (
          <button
            type="button"
            title="Show the event that caused this one"
            className="min-h-6 rounded-sm font-mono text-secondary hover:text-foreground hover:underline"
            onClick={() => onSelect(cause.messageId)}
          >
            <span aria-hidden>← </span>
            {cause.event}
          </button>
        ) : null}
      </TableCell>
    </tr>
  );
});

function What({ line }: { line: StoryLine }) {
  if (line.kind === 'message') {
    return (
      <>
        <CircleDot className="size-3.5 shrink-0 stroke-2 text-accent" aria-hidden />
        <span className="sr-only">Message</span>
        <span className="truncate font-mono font-medium text-foreground">{line.text}</span>
      </>
    );
  }
  if (line.kind === 'log') {
    return (
      <>
        <SeverityWord severity={line.severity} className="w-12 shrink-0" />
        <span className="shrink-0 truncate font-mono max-md:shrink">{line.text}</span>
        <span className="min-w-0 truncate font-mono text-tertiary max-md:hidden">
          {keyFields(line.log)
            .filter(({ name }) => !ofThePage.has(name))
            .map(({ name, value }) => `${name}=${value}`)
            .join(' ')}
        </span>
      </>
    );
  }
  const note = lineNote(line);
  return (
    <>
      <span className="w-12 shrink-0 text-tertiary">{kindNames[line.kind].one.split(' ')[0]?.toLowerCase()}</span>
      <span className="truncate font-mono">{line.text}</span>
      {note ? <span className={cn('shrink-0', isTrouble(line) ? 'text-error' : 'text-warn')}>{note}</span> : null}
    </>
  );
}

function lengthText({ kind, atMs, endMs }: StoryLine): string | null {
  if (kind === 'log') return null;
  return endMs === null ? '…' : durationText(endMs - atMs);
}

/** Fields that are the same on every line of an order. */
const ofThePage = new Set(['orderId', 'sagaId', 'customerId']);
