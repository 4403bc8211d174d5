import { cn } from './cn.ts';

export type SparklineProps = {
  /** In time order; null is a gap and is drawn as one. */
  points: readonly (number | null)[];
  /** Sentence for assistive technology: "requests per second, last minute, 12.4 now". */
  label: string;
  colour?: string;
  className?: string;
};

const width = 72;
const height = 20;

/** A tiny line from zero to its own maximum. No axis: the figure stands beside it. */
export function Sparkline({ points, label, colour = 'var(--text-tertiary)', className }: SparklineProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cn('inline-block h-5 w-18 align-middle', className)}
    >
      <path
        d={sparklinePath(points)}
        fill="none"
        stroke={colour}
        strokeWidth={1.25}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** SVG path of the line inside 72 × 20, one move per run between gaps. */
export function sparklinePath(points: readonly (number | null)[]): string {
  const top = Math.max(0, ...points.map((point) => point ?? 0));
  const step = points.length > 1 ? width / (points.length - 1) : width;
  let path = '';
  let pen = false;
  for (const [index, point] of points.entries()) {
    if (point === null) {
      pen = false;
      continue;
    }
    const y = top === 0 ? height - 1 : height - 1 - (point / top) * (height - 2);
    path += `${pen ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return path;
}
