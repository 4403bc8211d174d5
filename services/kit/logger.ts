import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, destination, type Logger, pino, stdSerializers, stdTimeFunctions } from 'pino';

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

/** Fields that may hold personal data or credentials, wherever a caller puts them at the first two levels. */
const sensitive = [
  'email',
  'password',
  'card',
  'cardNumber',
  'cvc',
  'iban',
  'token',
  'accessToken',
  'refreshToken',
  'clientSecret',
  'authorization',
  'cookie',
  'setCookie',
  'address',
  'phone',
];

/**
 * Structured log: one JSON object per line on stdout, with the fields that the log store indexes (`timestamp`,
 * `level`, `service`, `env`, `instance`, `message`, `trace_id`, `span_id`). Trace ids come from the active span.
 */
export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: { service: options.service, version: options.version, instance: options.instance, env: options.env },
      messageKey: 'message',
      errorKey: 'error',
      timestamp: () => stdTimeFunctions.isoTime().replace('"time"', '"timestamp"'),
      formatters: { level: (label) => ({ level: label }) },
      mixin: activeSpanFields,
      serializers: { error: stdSerializers.errWithCause },
      redact: {
        paths: [
          ...sensitive,
          ...sensitive.map((field) => `*.${field}`),
          '*.headers.authorization',
          '*.headers.cookie',
          '*["set-cookie"]',
        ],
        censor: '[redacted]',
      },
    },
    options.stream ?? destination({ fd: 1, sync: false, minLength: 0 }),
  );
}

function activeSpanFields(): object {
  const context = trace.getActiveSpan()?.spanContext();
  if (context === undefined || !isSpanContextValid(context)) return {};
  return { trace_id: context.traceId, span_id: context.spanId };
}
