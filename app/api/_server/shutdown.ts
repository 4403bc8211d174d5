/**
 * Aborts when the process is told to stop. Next waits for open responses before it exits, and a live stream never ends
 * by itself; kept on globalThis because route bundles do not share modules.
 */
export function shutdownSignal(): AbortSignal {
  const holder = globalThis as { orreryConsoleShutdown?: AbortController };
  if (!holder.orreryConsoleShutdown) {
    const controller = new AbortController();
    holder.orreryConsoleShutdown = controller;
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => controller.abort());
  }
  return holder.orreryConsoleShutdown.signal;
}
