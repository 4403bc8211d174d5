import { Database, Dot, Inbox, LogIn, type LucideIcon, Send, Unplug, Upload } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';
import { attributes as names } from '#contracts/telemetry/attributes.ts';
import type { Span } from '#contracts/telemetry/query.ts';

const looks: Record<Span['kind'] | 'database', { icon: LucideIcon; word: string }> = {
  server: { icon: LogIn, word: 'server: a request came in' },
  client: { icon: Upload, word: 'client: a call went out' },
  producer: { icon: Send, word: 'producer: a message was sent' },
  consumer: { icon: Inbox, word: 'consumer: a message was processed' },
  internal: { icon: Dot, word: 'internal' },
  database: { icon: Database, word: 'client: a database was asked' },
};

/** Kind of a span as an icon; the words are in its title and read aloud. */
export function SpanKindIcon({ span, className }: { span: Span | null; className?: string }) {
  const { icon: Icon, word } = span === null ? { icon: Unplug, word: 'not arrived' } : looks[kindOf(span)];
  return (
    <span title={word} className={cn('inline-flex shrink-0 text-tertiary', className)}>
      <Icon className="size-3.5 stroke-[1.5]" aria-hidden />
      <span className="sr-only">{word}</span>
    </span>
  );
}

function kindOf(span: Span): keyof typeof looks {
  return span.kind === 'client' && span.attributes[names.dbSystem] !== undefined ? 'database' : span.kind;
}
