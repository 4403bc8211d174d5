'use client';

import { ExternalLink, X } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useSmallScreen } from '#components/hooks/use-media-query.ts';
import { useStored } from '#components/hooks/use-stored.ts';
import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { Sheet } from './sheet.tsx';
import { Tooltip } from './tooltip.tsx';

export type SidePanelProps = {
  /** Kind of thing, so that the width is remembered per kind: `order`, `trace`, `log`. */
  kind: string;
  title: ReactNode;
  /** Name for assistive technology when the title is not text. */
  label: string;
  onClose: () => void;
  /** Address of the full page, one key further. */
  href?: string;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
};

/** What lies above a panel while it is open; a list that is the page's view lies beside it. */
const above = '[role=dialog],[role=menu],[role=listbox]:not([data-view-list])';

const minimum = 320;
const maximum = 900;

/**
 * Detail beside its list: the list keeps its place, Esc closes, the edge drags (or ← → on it). On small screens it is a
 * modal sheet. Render it as the last child of a `flex min-h-0` row and only while something is selected; put the
 * selection in the URL.
 */
export function SidePanel(props: SidePanelProps) {
  const small = useSmallScreen();
  const [stored, store] = useStored(`panel.${props.kind}`, '440');
  const width = clamp(Number(stored));
  if (small) {
    return (
      <Sheet open onOpenChange={(open) => !open && props.onClose()} side="right" label={props.label}>
        <PanelHeader {...props} />
        <div className="min-h-0 flex-1 overflow-y-auto">{props.children}</div>
      </Sheet>
    );
  }
  return <DockedPanel {...props} width={width} onWidth={(next) => store(String(clamp(next)))} />;
}

function DockedPanel(props: SidePanelProps & { width: number; onWidth: (width: number) => void }) {
  const { label, onClose, width, onWidth, className, children } = props;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const closeOnEscape = (event: KeyboardEvent) => {
      // What lies above takes Escape first. Capturing, because a fading toast would swallow the key.
      if (event.key !== 'Escape' || document.querySelector(above)) return;
      onClose();
    };
    window.addEventListener('keydown', closeOnEscape, true);
    return () => window.removeEventListener('keydown', closeOnEscape, true);
  }, [onClose]);
  return (
    <aside
      ref={panel}
      data-slot="side-panel"
      aria-label={label}
      style={{ width }}
      className={cn('relative flex min-h-0 shrink-0 flex-col border-l border-border bg-surface', className)}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: an hr cannot be dragged or focused */}
      <div
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${label}`}
        aria-valuemin={minimum}
        aria-valuemax={maximum}
        aria-valuenow={width}
        tabIndex={0}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none transition-colors hover:bg-accent/30"
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') onWidth(width + 16);
          else if (event.key === 'ArrowRight') onWidth(width - 16);
        }}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={(event) => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
          const right = panel.current?.getBoundingClientRect().right ?? 0;
          onWidth(Math.round(right - event.clientX));
        }}
      />
      <PanelHeader {...props} />
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </aside>
  );
}

function PanelHeader({ title, href, actions, onClose }: SidePanelProps) {
  const id = useId();
  return (
    <header className="flex min-h-10 items-center gap-1 border-b border-border py-1 pr-1.5 pl-4">
      <h2 id={id} className="mr-auto min-w-0 truncate text-base font-semibold">
        {title}
      </h2>
      {actions}
      {href ? (
        <Tooltip content="Open full page">
          <Button asChild variant="ghost" size="icon">
            <Link href={href} aria-label="Open full page">
              <ExternalLink aria-hidden />
            </Link>
          </Button>
        </Tooltip>
      ) : null}
      <Tooltip content="Close" keys={['Esc']}>
        <Button variant="ghost" size="icon" aria-label="Close panel" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </Tooltip>
    </header>
  );
}

function clamp(width: number): number {
  return Number.isFinite(width) ? Math.min(maximum, Math.max(minimum, width)) : 440;
}
