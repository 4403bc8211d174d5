import { cn } from './cn.ts';

/** A shaded part of the line: shares of its width, and what was on in words. */
export type SparklineBand = { from: number; to: number; text: string };

export type SparklineProps = {
  /** In time order; null is a gap and is drawn as one. */
  points: readonly (number | null)[];
  /** Sentence for assistive technology: "requests per second, last minute, 12.4 now". */
  label: string;
  /** Faults on purpose, behind the line and in its label. */
  bands?: readonly SparklineBand[];
  colour?: string;
  className?: string;
};

const width = 72;
const height = 20;

/** A tiny line from zero to its own maximum. No axis: the figure stands beside it. */
export function Sparkline({ points, label, bands = [], colour = 'var(--text-tertiary)', className }: SparklineProps) {
  const told = bands.length === 0 ? label : `${label}. Faults on purpose: ${bands.map(({ text }) => text).join('; ')}`;
  const line = (
    <svg
      role="img"
      aria-label={told}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={cn('inline-block h-5 w-18 align-middle', className)}
    >
      {bands.map(({ from, to, text }) => (
        <g key={`${text} ${from}`} data-slot="fault-band" fill="var(--fault)">
          <rect x={from * width} width={Math.max(1, (to - from) * width)} height={height} fillOpacity={0.18} />
          {/* Not by its tint alone: a bar on the floor. */}
          <rect x={from * width} y={height - 2} width={Math.max(1, (to - from) * width)} height={2} />
        </g>
      ))}
      <path
        d={sparklinePath(points)}
        fill="none"
        stroke={colour}
        strokeWidth={1.25}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
  if (bands.length === 0) return line;
  // Not the <title> of the drawing: that would be text of the row in which it stands.
  return (
    <span className="contents" title={told}>
      {line}
    </span>
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
