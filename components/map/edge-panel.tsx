import { Zap } from 'lucide-react';
import Link from 'next/link';
import { armHref } from '#components/chaos/arm-href.ts';
import { Button } from '#components/ui/button.tsx';
import { edgeTarget } from './fault-marks.ts';
import type { MapEdge } from './map-model.ts';
import { Figures } from './place-panel.tsx';

export type EdgePanelProps = {
  edge: MapEdge;
  /** Fault that is on it, in words. */
  fault: string | null;
};

/** One edge of the map: what crosses it, how it does, and the way to break it. */
export function EdgePanel({ edge, fault }: EdgePanelProps) {
  const target = edgeTarget(edge);
  return (
    <div className="flex flex-col gap-4 p-4">
      <p className="text-secondary">{edge.description ?? 'Observed, not in the topology.'}</p>
      <section aria-label="Traffic">
        <h3 className="pb-1 text-sm font-medium text-tertiary">Traffic, last minute</h3>
        <Figures red={edge.red} />
      </section>
      <section aria-label="Faults">
        <h3 className="pb-1 text-sm font-medium text-tertiary">Faults on it</h3>
        <p className="flex items-center gap-1.5 pb-2">
          {fault === null ? (
            <span className="text-tertiary">None.</span>
          ) : (
            <>
              <Zap className="size-4 stroke-[1.5] text-fault" aria-hidden />
              {fault}
            </>
          )}
        </p>
        {target === null ? (
          <p className="text-sm text-tertiary">It leads through no proxy: nothing can be injected here.</p>
        ) : (
          <Button asChild>
            <Link href={armHref({ target })}>
              <Zap aria-hidden />
              Arm a fault…
            </Link>
          </Button>
        )}
      </section>
    </div>
  );
}
