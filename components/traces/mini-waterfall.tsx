import { CircleAlert } from 'lucide-react';
import Link from 'next/link';
import type { CSSProperties } from 'react';
import { TouchedMark } from '#components/chaos/injected.tsx';
import { duration } from '#components/format/duration.ts';
import { Quantity } from '#components/ui/quantity.tsx';
import { ServiceName } from '#components/ui/service-name.tsx';
import { touchedBy } from '#contracts/telemetry/injected.ts';
import { outline } from './outline.ts';
import type { Colours } from './service-chips.tsx';
import { spanLabel } from './span-label.ts';
import type { TraceTree } from './trace-tree.ts';
import { place } from './waterfall-model.ts';

/** The trace in a few lines: where work entered a process, and what failed. Each line opens its span. */
export function MiniWaterfall(props: { tree: TraceTree; colours: Colours; hrefOf: (spanId: string) => string }) {
  const { tree, colours, hrefOf } = props;
  const { nodes, left } = outline(tree, 40);
  const window = { fromMs: 0, toMs: tree.durationMs };
  return (
    <div className="flex flex-col">
      <ol>
        {nodes.map((node) => {
          const { span } = node;
          const bar = place(window, node.startMs, node.endMs);
          if (!span || !bar) return null;
          const colour = colours.get(span.service) ?? null;
          const { text, detail } = spanLabel(span);
          const fault = touchedBy(span.attributes);
          return (
            <li key={node.id}>
              <Link
                href={hrefOf(node.id)}
                className="grid h-6 grid-cols-[minmax(0,5fr)_minmax(0,4fr)_3.5rem] items-center gap-2 rounded-sm text-sm hover:bg-raised"
              >
                <span className="flex min-w-0 items-center gap-1.5">
                  <ServiceName name={span.service} colour={colour} className="shrink-0 gap-1.5 text-secondary" />
                  <span className="truncate">{detail ?? text}</span>
                  {span.status === 'error' ? (
                    <>
                      <CircleAlert className="size-3.5 shrink-0 stroke-2 text-error" aria-hidden />
                      <span className="sr-only">error</span>
                    </>
                  ) : null}
                  {fault === null ? null : <TouchedMark fault={fault} />}
                </span>
                <span className="relative h-2 rounded-[2px] bg-raised" aria-hidden>
                  <span
                    className="absolute inset-y-0 min-w-0.5 rounded-[2px] bg-(--bar)"
                    style={
                      {
                        left: `${(bar.left * 100).toFixed(2)}%`,
                        width: `${(bar.width * 100).toFixed(2)}%`,
                        '--bar': colour === null ? 'var(--border-strong)' : `var(--service-${colour})`,
                      } as CSSProperties
                    }
                  />
                </span>
                <Quantity of={duration(span.durationNano / 1e6)} className="text-right font-mono" />
              </Link>
            </li>
          );
        })}
      </ol>
      {left > 0 ? <p className="pt-1 text-sm text-tertiary">{left} more in the full trace.</p> : null}
    </div>
  );
}
