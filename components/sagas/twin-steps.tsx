'use client';

import { durationText } from '#components/format/duration.ts';
import { useNow } from '#components/hooks/use-now.ts';
import { Ruler, RulerLines } from '#components/traces/ruler.tsx';
import { sagaStyles, styleLooks } from './saga-styles.ts';
import { type Twin, type TwinBar, twinSteps } from './twin.ts';

/** The steps of both orders on one time axis, the choreographed above the orchestrated. */
export function TwinSteps({ twins }: { twins: readonly [Twin | null, Twin | null] }) {
  const running = twins.some((twin) => twin !== null && twin.order.finishedAt === null);
  const now = useNow(250);
  const steps = twinSteps(twins, running ? now : null);
  const toMs = Math.max(1, ...steps.flatMap(({ bars }) => bars.map((bar) => bar?.toMs ?? 0)));
  const window = { fromMs: 0, toMs };
  return (
    <div className="px-4 py-3 max-md:px-2">
      <ul className="flex flex-wrap gap-x-4 pb-2 text-sm text-secondary">
        {sagaStyles.map((style) => (
          <li key={style} className="inline-flex items-center gap-1.5">
            <span
              aria-hidden
              className="h-2.5 w-4 rounded-[2px] border"
              style={{
                borderColor: styleLooks[style].colour,
                background: style === 'choreography' ? styleLooks[style].colour : 'transparent',
              }}
            />
            {styleLooks[style].title}
          </li>
        ))}
      </ul>
      <div className="grid grid-cols-[6.5rem_minmax(0,1fr)]">
        <span />
        <Ruler window={window} most={6} />
      </div>
      <ul aria-label="Steps of both orders" className="relative">
        <li aria-hidden className="pointer-events-none absolute inset-y-0 right-0 left-26">
          <RulerLines window={window} most={6} />
        </li>
        {steps.map(({ id, title, bars }) => (
          <li key={id} data-step={id} className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-center py-1">
            <span className="truncate pr-2 text-sm text-secondary">{title}</span>
            <span className="relative block h-6">
              {bars.map((bar, index) => {
                const style = sagaStyles[index] ?? 'choreography';
                return <Bar key={style} bar={bar} top={index * 12} toMs={toMs} style={style} />;
              })}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

type BarProps = { bar: TwinBar | null; top: number; toMs: number; style: (typeof sagaStyles)[number] };

function Bar({ bar, top, toMs, style }: BarProps) {
  if (!bar) return <span className="sr-only">{styleLooks[style].title}: not taken</span>;
  const { colour, title } = styleLooks[style];
  const text = `${title}: ${durationText(bar.toMs - bar.fromMs)}${bar.state === 'done' ? '' : `, ${bar.state}`}`;
  return (
    <span
      title={text}
      className="absolute h-2.5 min-w-[3px] rounded-[2px] border"
      style={{
        top,
        left: `${(bar.fromMs / toMs) * 100}%`,
        width: `${((bar.toMs - bar.fromMs) / toMs) * 100}%`,
        borderColor: bar.state === 'failed' ? 'var(--error)' : colour,
        background: style === 'choreography' ? colour : 'transparent',
      }}
    >
      <span className="sr-only">{text}</span>
    </span>
  );
}
