import { isSpanContextValid, trace } from '@opentelemetry/api';
import {
  type DestinationStream,
  destination,
  type Logger,
  pino,
  stdSerializers,
  stdTimeFunctions,
  symbols,
} from 'pino';
import { redact } from './redact.ts';

export type { Logger } from 'pino';

export type LoggerOptions = {
  service: string;
  version: string;
  instance: string;
  env: string;
  level: string;
  /** Where lines go; stdout when absent. */
  stream?: DestinationStream;
};

/**
 * Structured log: one JSON object per line on stdout, with the fields that the log store indexes (`timestamp`,
 * `level`, `service`, `env`, `instance`, `message`, `trace_id`, `span_id`). Trace ids come from the active span.
 */
export function createLogger(options: LoggerOptions): Logger {
  const logger = pino(
    {
      level: options.level,
      base: { service: options.service, version: options.version, instance: options.instance, env: options.env },
      messageKey: 'message',
      errorKey: 'error',
      timestamp: () => stdTimeFunctions.isoTime().replace('"time"', '"timestamp"'),
      formatters: { level: (label) => ({ level: label }), log: redact },
      mixin: activeSpanFields,
      serializers: { error: stdSerializers.errWithCause },
    },
    options.stream ?? destination({ fd: 1, sync: false, minLength: 0 }),
  );
  // pino formats what a line carries, but not what a child logger is bound to. Children inherit this from the root.
  const bind = logger.child;
  logger.child = function child(this: Logger, bindings: Record<string, unknown>, childOptions: never) {
    return bind.call(this, redact(bindings), childOptions);
  } as Logger['child'];
  return logger;
}

/** A reader that does not read must not keep a process from ending, milliseconds. */
const lastLinesMs = 250;

/**
 * Resolves when the line just logged, and all before it, have been written. To exit earlier would write the rest
 * synchronously, past a write that is still under way in another thread: the last lines in the wrong order.
 */
export function written(log: Logger): Promise<void> {
  const stream = (log as unknown as Record<symbol, NodeJS.EventEmitter>)[symbols.streamSym];
  return new Promise((resolve) => {
    setTimeout(resolve, lastLinesMs);
    stream?.once('drain', () => resolve());
  });
}

/** Time for a write that is under way in another thread to end, milliseconds. */
const writeGraceMs = 25;

/** Writes what is still buffered before it returns, for a process that is about to die. Blocks the event loop. */
export function flushNow(log: Logger): void {
  const stream = (log as unknown as Record<symbol, { flushSync?: () => void }>)[symbols.streamSym];
  stream?.flushSync?.();
  // The first line of a burst is already on its way and no longer in the buffer.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, writeGraceMs);
}

function activeSpanFields(): object {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}
