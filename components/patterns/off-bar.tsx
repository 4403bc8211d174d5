'use client';

import { PowerOff } from 'lucide-react';
import Link from 'next/link';
import type { SwitchedOff } from '#contracts/sandbox/control-channel.ts';
import { titleOf } from './pattern-groups.ts';

/** Most that are named; the page names all. */
const named = 3;

/** Thin bar below every page while a reliability pattern is switched off somewhere: what is seen is not the rule. */
export function OffBar({ off }: { off: readonly SwitchedOff[] }) {
  const more = off.length - named;
  return (
    <div role="status" aria-live="polite" data-slot="off-bar">
      {off.length > 0 ? (
        <p className="tint flex min-h-6 flex-wrap items-center justify-center gap-x-1.5 border-t border-border px-2 text-sm [--tint:var(--fault)]">
          <PowerOff className="size-3.5 shrink-0 stroke-2 text-fault" aria-hidden />
          <span className="font-medium">Switched off:</span>
          <span>
            {off
              .slice(0, named)
              .map(({ service, pattern }) => `${titleOf(pattern)} in ${service}`)
              .join(', ')}
            {more > 0 ? ` and ${more} more` : null}
          </span>
          <Link
            href="/patterns?show=off"
            className="inline-flex min-h-6 items-center rounded-sm font-medium text-accent hover:underline"
          >
            Show
          </Link>
        </p>
      ) : null}
    </div>
  );
}
