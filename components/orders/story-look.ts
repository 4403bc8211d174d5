import type { OrderStatus } from '#contracts/http/orders.ts';
import { isTrouble, type StoryKind, type StoryLine } from './story.ts';

/** What a kind of line is called, one and many, and what its lanes are. */
export const kindNames: Record<StoryKind, { one: string; many: string; lanes: string }> = {
  state: { one: 'State', many: 'States', lanes: 'What the order was' },
  message: { one: 'Message', many: 'Messages', lanes: 'Topics' },
  outbox: { one: 'Outbox row', many: 'Outbox', lanes: 'Outbox rows, from commit to acknowledgement' },
  inbox: { one: 'Inbox row', many: 'Inbox', lanes: 'Inbox rows, by consumer group' },
  span: { one: 'Span', many: 'Spans', lanes: 'Spans' },
  log: { one: 'Log line', many: 'Logs', lanes: 'Log lines' },
};

const statusTokens: Record<OrderStatus, string> = {
  created: 'var(--info)',
  screened: 'var(--info)',
  reserved: 'var(--info)',
  paid: 'var(--info)',
  confirmed: 'var(--ok)',
  compensating: 'var(--warn)',
  cancelled: 'var(--error)',
};

/** CSS colour of a line: trouble before everything, then what it means, then whose it is. */
export function lineToken(line: StoryLine, colour: number | null): string {
  if (isTrouble(line)) return 'var(--error)';
  if (line.kind === 'state') return statusTokens[line.change.status];
  if (line.kind === 'inbox' && line.reading.outcome === 'duplicate') return 'var(--warn)';
  if (line.kind === 'log') return `var(--severity-${line.severity})`;
  return colour === null ? 'var(--border-strong)' : `var(--service-${colour})`;
}

/** What is not in a line's name but matters: that it failed, came twice, or still lasts. */
export function lineNote(line: StoryLine): string | null {
  switch (line.kind) {
    case 'inbox':
      return line.reading.outcome === 'handled' ? null : line.reading.outcome;
    case 'outbox':
      return line.endMs === null ? 'not published yet' : line.message.sends.length > 1 ? 'sent again' : null;
    case 'message':
      return line.endMs === null ? 'not read yet' : null;
    case 'span':
      return line.span.status === 'error' ? 'failed' : null;
    case 'log':
      return line.severity;
    case 'state':
      return null;
    default:
      return line satisfies never;
  }
}
