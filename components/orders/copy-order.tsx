'use client';

import { Copy, Terminal } from 'lucide-react';
import { Button } from '#components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '#components/ui/dropdown-menu.tsx';
import { useToast } from '#components/ui/toast.tsx';
import { asCli, asCurl, type Endpoints } from './copy-command.ts';
import type { OrderDraft } from './order-draft.ts';

/** Copies the order as a command. `endpoints` is null until it is known where the gateway is. */
export function CopyOrder({ draft, endpoints }: { draft: OrderDraft; endpoints: Endpoints | null }) {
  const toast = useToast();
  const copy = (what: string, text: string) => {
    navigator.clipboard.writeText(text).then(
      () => toast({ tone: 'ok', title: `Copied as ${what}` }),
      () => toast({ tone: 'error', title: 'The browser does not allow copying here' }),
    );
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" aria-label="Copy as a command">
          <Copy aria-hidden />
          <span className="max-md:hidden">Copy as</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent>
        <DropdownMenuItem
          disabled={endpoints === null}
          onSelect={() => endpoints && copy('curl', asCurl(draft, endpoints, crypto.randomUUID()))}
        >
          <Terminal aria-hidden />
          curl
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => copy('CLI command', asCli(draft))}>
          <Terminal aria-hidden />
          Orrery CLI
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
