/** Structured logging: one JSON line per event on stdout, with the fields that the services use. */
export type Log = Record<
  'debug' | 'info' | 'warn' | 'error',
  (message: string, fields?: Record<string, unknown>) => void
>;

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** A log that writes lines of at least `minimum` through `write`. */
export function createLog(minimum: string, write: (line: string) => void): Log {
  const threshold = Math.max(0, levels.indexOf(minimum as (typeof levels)[number]));
  const at =
    (level: (typeof levels)[number]) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      if (levels.indexOf(level) < threshold) return;
      const timestamp = new Date().toISOString();
      write(`${JSON.stringify({ timestamp, service: 'auditor', env: 'local', level, message, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
