import type { Node } from '@xyflow/react';

export type BrokerFrameNode = Node<Record<string, never>, 'broker'>;

/** Topics live in the broker: a hairline around them that says so. */
export function BrokerFrame() {
  return (
    <div className="pointer-events-none size-full rounded-lg border border-dashed border-border bg-[color-mix(in_oklch,var(--text)_2%,transparent)]">
      <span className="block px-3.5 pt-1.5 text-xs text-tertiary">topics of the broker</span>
    </div>
  );
}
