import { Zap } from 'lucide-react';
import { cn } from '#components/ui/cn.ts';

/** Chip over a place or an edge on which a fault is: icon and name. It floats, so that it moves nothing. */
export function FaultMark({
  text,
  className,
  style,
}: {
  text: string;
  className?: string;
  style?: React.CSSProperties;
}) {
  return (
    <span
      data-slot="fault-mark"
      title={`Fault on purpose: ${text}`}
      style={style}
      className={cn(
        'absolute inline-flex items-center gap-1 rounded-sm border border-fault bg-surface px-1 text-xs whitespace-nowrap text-fault',
        className,
      )}
    >
      <Zap className="size-3 shrink-0 fill-current stroke-2" aria-hidden />
      <span className="truncate">{text}</span>
    </span>
  );
}
