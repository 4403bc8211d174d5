'use client';

import { Banknote, Database, type LucideIcon, Mail, User } from 'lucide-react';
import { LocalTime } from '#components/ui/time.tsx';
import type { TimelineFact } from '#contracts/sandbox/audit.ts';

const icons: Record<TimelineFact['kind'], { icon: LucideIcon; word: string }> = {
  row: { icon: Database, word: 'Row' },
  message: { icon: Mail, word: 'Message' },
  money: { icon: Banknote, word: 'Provider movement' },
  client: { icon: User, word: 'Client' },
};

/** Everything that is known of one order: rows, messages with where they lie, movements of money; oldest first. */
export function CounterexampleTimeline({ facts }: { facts: readonly TimelineFact[] }) {
  return (
    <ol data-slot="timeline" className="flex flex-col border-t border-border text-sm">
      {facts.map((fact, index) => {
        const { icon: Icon, word } = icons[fact.kind];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have no identity, and a timeline is replaced as a whole
          <li key={index} className="flex gap-2 border-b border-border py-1">
            <Icon className="mt-0.5 size-3.5 shrink-0 stroke-[1.75] text-tertiary" aria-hidden />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-baseline gap-x-2">
                <span className="sr-only">{word}: </span>
                <span className="font-medium break-words">{fact.what}</span>
                <span className="text-tertiary">{fact.source}</span>
                {fact.at ? <LocalTime atMs={Date.parse(fact.at)} className="ml-auto text-tertiary" /> : null}
              </p>
              {fact.position ? (
                <p className="font-mono text-secondary" title="topic, partition and offset">
                  {fact.position.topic} · {fact.position.partition} · {fact.position.offset}
                </p>
              ) : null}
              <p className="flex flex-wrap gap-x-3 font-mono break-all text-tertiary">
                {Object.entries(fact.fields)
                  .filter(([, value]) => value !== null)
                  .map(([name, value]) => (
                    <span key={name}>
                      {name}={String(value)}
                    </span>
                  ))}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
