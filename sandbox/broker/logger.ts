export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Record<string, unknown>;
export type Logger = Record<LogLevel, (message: string, fields?: LogFields) => void>;

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** One JSON object per line with the fleet's field names (timestamp, level, service, message). */
export function createLogger(write: (line: string) => void, minLevel: LogLevel = 'info', base: LogFields = {}): Logger {
  const log =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (ORDER.indexOf(level) < ORDER.indexOf(minLevel)) return;
      write(
        `${JSON.stringify({ timestamp: new Date().toISOString(), level, service: 'broker', ...base, message, ...fields })}\n`,
      );
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

/** What to log of anything thrown: the message, and the stack for bugs. */
export function describeError(error: unknown): LogFields {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
}
