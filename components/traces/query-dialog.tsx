'use client';

import { Code } from 'lucide-react';
import { durationText } from '#components/format/duration.ts';
import { Button } from '#components/ui/button.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '#components/ui/dialog.tsx';
import { ScrollArea } from '#components/ui/scroll-area.tsx';

/** "Show the query": the SQL that the panel's rows come from, as it ran. */
export function QueryDialog({ sql, elapsedMs, rows }: { sql: string; elapsedMs: number; rows: number }) {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="ghost" size="sm">
          <Code aria-hidden />
          Show the query
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Query"
        description={`DuckDB in the telemetry process: ${rows} traces in ${durationText(elapsedMs)}.`}
        className="w-[min(720px,calc(100vw-24px))]"
      >
        <div className="relative">
          <ScrollArea aria-label="SQL" className="max-h-[50vh] rounded-md border border-border bg-canvas p-3 pr-10">
            <pre className="text-sm whitespace-pre-wrap">{sql}</pre>
          </ScrollArea>
          <CopyButton value={sql} label="Copy SQL" className="absolute top-1 right-1" />
        </div>
      </DialogContent>
    </Dialog>
  );
}
