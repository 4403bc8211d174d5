import { type RefObject, useEffect, useState } from 'react';
import type { FilterError as Mistake } from '#contracts/telemetry/filter.ts';

/** What is wrong, pointed at: a caret line under the offending part of the (monospaced) text, then the message. */
export function FilterError(props: {
  id: string;
  error: Mistake;
  text: string;
  input: RefObject<HTMLInputElement | null>;
}) {
  const { id, error, text, input } = props;
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const element = input.current;
    if (!element) return;
    const follow = () => setLeft(element.scrollLeft);
    follow();
    element.addEventListener('scroll', follow);
    return () => element.removeEventListener('scroll', follow);
  }, [input]);
  return (
    <>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-x-7 bottom-[3px] h-3 overflow-hidden font-mono text-sm leading-3 whitespace-pre text-transparent"
      >
        <span className="inline-block" style={{ transform: `translateX(${-left}px)` }}>
          {text.slice(0, error.position)}
          <span className="border-b-2 border-dotted border-error">
            {text.slice(error.position, error.position + error.length) || ' '}
          </span>
        </span>
      </span>
      <p
        id={id}
        role="alert"
        className="absolute inset-x-0 top-full z-40 mt-1 rounded-md border border-error bg-popover px-2 py-1 text-sm text-foreground shadow-float"
      >
        <code className="mr-2 text-error">
          {text.slice(error.position, error.position + error.length).trim() || 'end'}
        </code>
        {error.message}
        <span className="text-tertiary"> at character {error.position + 1}</span>
      </p>
    </>
  );
}
