import pino, { type Logger } from 'pino';

/** The console's log: pino JSON lines with the fields of every process. */
export function log(): Logger {
  const holder = globalThis as { orreryConsoleLog?: Logger };
  holder.orreryConsoleLog ??= pino({
    level: process.env.LOG_LEVEL ?? 'info',
    base: { service: process.env.SERVICE_NAME ?? 'console', env: process.env.DEPLOYMENT_ENVIRONMENT ?? 'local' },
    messageKey: 'message',
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  });
  return holder.orreryConsoleLog;
}
