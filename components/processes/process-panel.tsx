import type { ReactNode } from 'react';
import { bytes } from '#components/format/number.ts';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Quantity } from '#components/ui/quantity.tsx';
import { ScrollArea } from '#components/ui/scroll-area.tsx';
import { Ago } from '#components/ui/time.tsx';
import type { CapturedLine, ProcessAction, ProcessStatus } from '#contracts/sandbox/control.ts';
import { ProcessButtons } from './process-menu.tsx';
import { ProcessStateLabel } from './process-state.tsx';

export type ProcessPanelProps = {
  process: ProcessStatus;
  description: string | null;
  onAction: (name: string, action: ProcessAction) => void;
  /** What only this process has, under a heading of its own. */
  special?: { title: string; body: ReactNode } | null;
  /** Its last lines, already in one of their four states. */
  output: ReactNode;
};

/** Detail of one process: why it is as it is, where it listens, what it printed last. */
export function ProcessPanel({ process, description, onAction, special, output }: ProcessPanelProps) {
  const ports = Object.entries(process.ports);
  const { lastExit } = process;
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex flex-col gap-2">
        <ProcessStateLabel state={process.state} className="font-medium" />
        {description ? <p className="text-secondary">{description}</p> : null}
        <ProcessButtons process={process} onAction={onAction} />
      </div>
      {process.reason ? (
        <section aria-label="Reason" className="flex flex-col gap-1">
          <h3 className="text-sm font-medium text-tertiary">Reason</h3>
          <pre className="overflow-x-auto rounded-md border border-border bg-canvas p-2 text-sm whitespace-pre-wrap">
            {process.reason}
          </pre>
        </section>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {ports.map(([purpose, port]) => (
          <Fact key={purpose} term={`Address (${purpose})`}>
            <span className="font-mono">127.0.0.1:{port}</span>
            <CopyButton value={`127.0.0.1:${port}`} label={`Copy ${purpose} address`} />
          </Fact>
        ))}
        <Fact term="PID">
          {process.pid === null ? <Quantity of={null} /> : <span className="font-mono">{process.pid}</span>}
        </Fact>
        <Fact term="Started">
          {process.startedAt ? <Ago atMs={Date.parse(process.startedAt)} /> : <Quantity of={null} />}
        </Fact>
        <Fact term="Restarts">{process.restarts}</Fact>
        <Fact term="CPU">
          <Quantity of={process.cpuPercent === null ? null : { value: process.cpuPercent.toFixed(1), unit: '%' }} />
        </Fact>
        <Fact term="Memory">
          <Quantity of={process.memoryBytes === null ? null : bytes(process.memoryBytes)} />
        </Fact>
        {lastExit ? (
          <Fact term="Last exit">
            <span>
              {lastExit.signal ?? `code ${lastExit.code}`}
              {lastExit.expected ? '' : ', unexpected'}, <Ago atMs={Date.parse(lastExit.at)} />
            </span>
          </Fact>
        ) : null}
      </dl>
      {special ? (
        <section aria-label={special.title} className="flex flex-col gap-1">
          <h3 className="text-sm font-medium text-tertiary">{special.title}</h3>
          {special.body}
        </section>
      ) : null}
      <section aria-label="Output" className="flex flex-col gap-1">
        <h3 className="text-sm font-medium text-tertiary">Last output</h3>
        {output}
      </section>
    </div>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="flex h-6 items-center text-tertiary">{term}</dt>
      <dd className="flex h-6 min-w-0 items-center gap-1">{children}</dd>
    </>
  );
}

/** Lines as the process printed them, newest last. */
export function CapturedLines({ lines, name }: { lines: readonly CapturedLine[]; name: string }) {
  return (
    <ScrollArea aria-label={`Output of ${name}`} className="max-h-96 rounded-md border border-border bg-canvas p-2">
      <ol className="font-mono text-sm">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never reorder
          <li key={index} className={line.stream === 'stderr' ? 'text-error' : undefined}>
            <span className="break-all whitespace-pre-wrap">{line.line}</span>
          </li>
        ))}
      </ol>
    </ScrollArea>
  );
}
