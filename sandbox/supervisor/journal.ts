/** Writes a file again after changes, never twice at once, always with the newest content last. */
export type Journal = { touch(): void; settle(): Promise<void> };

export function createJournal(write: () => Promise<void>, pauseMs = 50): Journal {
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    timer = null;
    running = running.then(write).catch(() => {});
    return running;
  };
  return {
    touch() {
      timer ??= setTimeout(run, pauseMs);
    },
    async settle() {
      if (timer !== null) clearTimeout(timer);
      await run();
    },
  };
}
