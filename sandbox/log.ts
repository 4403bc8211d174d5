/** Structured logging of the sandbox's own parts: one JSON line per event, with the fields that the services use. */
export type Log = {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
};

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** A log of `service` that writes lines of at least `minimum` through `write`. */
export function createLog(service: string, minimum: string, write: (line: string) => void): Log {
  const threshold = Math.max(0, levels.indexOf(minimum as Level));
  const at =
    (level: Level) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      if (levels.indexOf(level) < threshold) return;
      const timestamp = new Date().toISOString();
      write(`${JSON.stringify({ timestamp, service, env: 'local', level, message, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Says nothing: for tests and benchmarks. */
export const silentLog: Log = createLog('silent', 'error', () => undefined);
