import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
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
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: redact },
      mixin: activeSpanFields,
      serializers: { error: stdSerializers.errWithCause },
    },
    options.stream ?? stdout(),
  );
  // pino formats what a line carries, but not what a child logger is bound to. Children inherit this from the root.
  const bind = logger.child;
  logger.child = function child(this: Logger, bindings: Record<string, unknown>, childOptions: never) {
    return bind.call(this, redact(bindings), childOptions);
  } as Logger['child'];
  return logger;
}

/**
 * A line is with the kernel before `log.info` returns, so that SIGKILL loses none while the reader keeps up; what it is
 * behind with waits here, and nobody for it. pino's own destination writes in another thread, which costs more than the
 * line itself.
 */
function stdout(): DestinationStream {
  // A reader that has gone is no reason to crash.
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => {});
  return process.stdout;
}

/** A reader that does not read must not keep a process from ending, milliseconds. */
const lastLinesMs = 250;

/** Resolves when all lines logged so far have been written: to exit earlier would lose what a reader is behind with. */
export function written(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, lastLinesMs);
    process.stdout.write('', () => resolve());
  });
}

function activeSpanFields(): object {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}
