import { cn } from '#components/ui/cn.ts';

/** What the lines of the map mean. */
export function Legend({ className }: { className?: string }) {
  return (
    <ul
      aria-label="Legend"
      className={cn('flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-secondary', className)}
    >
      <Item dash={null} stroke="var(--text-tertiary)">
        call
      </Item>
      <Item dash="5 4" stroke="var(--text-tertiary)">
        message, asynchronous
      </Item>
      <Item dash={null} stroke="var(--error)">
        1 % or more fail
      </Item>
      <Item dash="1 4" stroke="var(--warn)">
        not in the topology
      </Item>
      <Item dash={null} stroke="var(--fault)" wide>
        fault
      </Item>
      <li className="text-tertiary">faint: idle · thicker: more a second</li>
    </ul>
  );
}

function Item(props: { dash: string | null; stroke: string; wide?: boolean; children: string }) {
  const { dash, stroke, wide = false, children } = props;
  return (
    <li className="flex items-center gap-1.5">
      <svg aria-hidden width="24" height="8" viewBox="0 0 24 8">
        <path
          d="M0 4H24"
          stroke={stroke}
          strokeWidth={wide ? 6 : 1.75}
          strokeOpacity={wide ? 0.5 : 1}
          strokeLinecap={dash === '1 4' ? 'round' : 'butt'}
          {...(dash ? { strokeDasharray: dash } : {})}
        />
      </svg>
      {children}
    </li>
  );
}
