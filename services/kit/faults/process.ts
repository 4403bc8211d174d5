import { Worker } from 'node:worker_threads';
import { openSpan } from '../telemetry/spans.ts';
import type { FaultAgent } from './agent.ts';

/** A thread without a module of its own: it must do nothing but burn. */
const burn = 'for (;;) Math.sqrt(Math.random());';
const burnLookMs = 250;

/** Offers what can happen to the process as a whole. */
export function offerProcessFaults(faults: FaultAgent): void {
  faults.offer('block-loop', {
    start({ blockMs, everyMs }, { hit, signal, tag, leftMs }) {
      const timer = setInterval(() => {
        // A root: it belongs to no request, and hits all of them.
        const { span } = openSpan('event loop blocked', { parent: {}, attributes: tag });
        // Its own end could not be heard meanwhile.
        for (const until = performance.now() + Math.min(blockMs, leftMs()); performance.now() < until; );
        span.end();
        hit();
      }, everyMs);
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
  });
  faults.offer('burn-cpu', {
    start({ threads }, { hit, signal, tag, until }) {
      const workers = Array.from({ length: threads }, () => new Worker(burn, { eval: true, execArgv: [] }));
      const { span } = openSpan('cpu burned', { parent: {}, attributes: tag });
      // A thread that cannot be had burns nothing; the others do.
      for (const worker of workers) worker.on('error', () => {});
      const timer = setInterval(() => hit(), burnLookMs);
      signal.addEventListener(
        'abort',
        () => {
          clearInterval(timer);
          span.end();
          until(Promise.all(workers.map((worker) => worker.terminate())));
        },
        { once: true },
      );
    },
  });
}
